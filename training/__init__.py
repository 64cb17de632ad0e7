"""How index/model is made, from the training data to the shipped folder."""
