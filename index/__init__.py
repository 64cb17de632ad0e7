"""From article text to a searchable store; knows nothing of answers or screens."""
