"""New files for trainers: rules with their scenarios, plays, playbooks, vocabularies; each is sound as it is written."""
