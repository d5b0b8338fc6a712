"""Addresses with variables in them, such as `https://{region}.example.com`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["filled", "filled_servers"]


def filled(url: str, variables: Mapping[str, str]) -> str:
    """The address with the values of its variables."""
    for name, value in variables.items():
        url = url.replace(f"{{{name}}}", str(value))
    return url


def filled_servers(
    servers: Iterable[str],
    given: Mapping[str, str] | None,
    variables: Mapping[str, str],
) -> dict[str, str]:
    """Where operations go that have a server of their own, by that server.

    Args:
        servers: those that the API documents.
        given: what the caller has instead of some of them.
    """
    documented = {url: filled(url, variables) for url in servers if "{" in url}
    return {**documented, **(given or {})}
