"""The verbs of the command: their options, and what each does."""
