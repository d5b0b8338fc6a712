"""The name and version by which the package introduces itself to servers."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["product_of"]


def product_of(distribution: str) -> str:
    """The distribution and its version, as a User-Agent has them.

    A copy of the package that was not installed has no version; then it is the name
    alone.
    """
    try:
        return f"{distribution}/{version(distribution)}"
    except PackageNotFoundError:
        return distribution
