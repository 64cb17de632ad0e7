"""Many articles into one store: sources are found, read, compared and indexed in parallel."""
