"""Many articles into one store: what a newsroom has, read, told apart and indexed in parallel."""
