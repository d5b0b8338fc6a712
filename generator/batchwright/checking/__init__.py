"""What is wrong with a Document, and what is read all the same."""
