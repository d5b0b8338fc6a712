"""Texts to plain data: JSON and YAML, and where in them each part stands."""
