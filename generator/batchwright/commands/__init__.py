"""The commands of the command line, one module each.

A module of this package imports nothing heavy before it is run: all of them are loaded
for `batchwright --help`.
"""
