"""One script per table of the README; each commits what it measured as JSON."""
