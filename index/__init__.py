"""Articles into searchable stores: reading, cutting, embedding, and finding candidate chunks."""
