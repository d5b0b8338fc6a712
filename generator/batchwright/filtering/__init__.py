"""The operations that are wanted, and which filter leaves out what is wrong."""
