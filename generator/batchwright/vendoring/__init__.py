"""Copies of a package in another code base."""
