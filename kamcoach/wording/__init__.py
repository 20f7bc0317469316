"""Rules in words, in both languages: made from the rule itself and the labels of the vocabulary, so that they cannot part from it."""
