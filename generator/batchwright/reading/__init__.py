"""The files of a spec, from the disk or a revision, as one Document."""
