"""Training of the reader in qa/reader: ``python -m training.reader --help``."""
