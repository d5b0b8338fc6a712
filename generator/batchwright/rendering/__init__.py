"""Api and templates to Files."""
