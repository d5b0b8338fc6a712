"""What a run leaves for the next one, and answering from it."""
