"""What scenarios prove: run them, see what they leave out, and whether they notice when a rule is changed."""
