"""The subcommands: their options, and what each does."""
