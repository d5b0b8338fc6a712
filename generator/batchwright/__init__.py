"""Typed Python SDKs from OpenAPI descriptions, with batch endpoints that behave."""

__version__ = "0.1.0"
