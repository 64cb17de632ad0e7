"""What a question asks: analysed once, by its words, before anything is searched."""
