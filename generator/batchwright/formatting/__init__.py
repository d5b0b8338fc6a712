"""The shape of the generated code, as black gives it."""
