"""Where the API is: the address of the client, and those that operations have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from batchwright import ir
from batchwright.document import Document, Node
from batchwright.translate.reading import prose


class _Server(NamedTuple):
    """A server: as it is written, and with the defaults of its variables."""

    url: str
    address: str
    node: Node


def servers_of(document: Document, resources: Iterable[ir.Resource]) -> ir.Servers:
    """The servers of the whole API.

    `others` are those that operations have for themselves; where there is none for the
    whole, and each operation has one, the first of them is that of the client.
    """
    servers = list(_servers(document.root))
    base_url = next((s.address for s in servers if _is_usable(s.address)), None)
    own = dict.fromkeys(o.server for r in resources for o in r.operations)
    if base_url is None and own and None not in own:
        base_url = next((url for url in own if url and _is_usable(url)), None)
    return ir.Servers(
        base_url=base_url,
        documented=tuple(_documented(server) for server in servers),
        others=tuple(sorted(url for url in own if url is not None)),
    )


def server_of(operation: Node, item: Node, document: Document) -> str | None:
    """The server that an operation has for itself; None for that of the client."""
    usual = next(_servers(document.root), None)
    for owner in (operation, item):
        for server in _servers(owner):
            is_usual = usual is not None and server.address == usual.address
            return None if is_usual else server.address
    return None


def _servers(owner: Node) -> Iterator[_Server]:
    listed = owner.get("servers")
    for node in listed.elements() if listed else ():
        url = node.text("url") or ""
        address = url
        for name, variable in _variables(node):
            address = address.replace(f"{{{name}}}", variable.text("default") or "")
        yield _Server(url, _whole(address), node)


def _variables(server: Node) -> Iterator[tuple[str, Node]]:
    variables = server.get("variables")
    if variables is not None:
        yield from variables.items()


def _is_absolute(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def _is_usable(address: str) -> bool:
    """Whether requests could be sent there, with no variable left to fill in."""
    return _is_absolute(address) and not set("{}?#") & set(address)


def _whole(address: str) -> str:
    """An address that paths can be put behind; a relative one begins with a slash."""
    if not _is_absolute(address):
        relative = "/".join(p for p in address.split("/") if p not in ("", ".", ".."))
        return f"/{relative}" if relative else ""
    parts = urlsplit(address)
    return parts._replace(query="", fragment="").geturl().rstrip("/")


def _documented(server: _Server) -> ir.Server:
    return ir.Server(
        url=server.url,
        docs=prose(server.node),
        variables=tuple(
            ir.ServerVariable(
                name=name,
                default=variable.text("default") or "",
                values=(
                    tuple(str(value.value) for value in values.elements())
                    if (values := variable.get("enum"))
                    else ()
                ),
                docs=prose(variable),
            )
            for name, variable in _variables(server.node)
        ),
    )
