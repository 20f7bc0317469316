"""From conclusions to what a rep reads: ranking, questions, words."""
