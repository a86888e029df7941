"""What the customers of the café say, in the language of their market."""
