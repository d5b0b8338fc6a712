"""Rules of servers: all calls of a client go to one address."""

from __future__ import annotations

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node
from batchwright.rules.paths import operations_of, path_items


def check_servers(document: Document, report: Report) -> None:
    """Warn of paths and operations whose server is not that of the document."""
    usual = _address(document.root)
    for path, item in path_items(document):
        _check(path, item, usual, report)
        for operation in operations_of(path, item):
            _check(operation.label, operation.node, usual, report)


def _check(label: str, owner: Node, usual: str | None, report: Report) -> None:
    own = _address(owner)
    if own is not None and own != usual:
        report.warning(
            "other-server",
            f"{label} has a server of its own, {excerpt(own)}",
            owner["servers"],
            "the SDK sends all calls to the base_url of the client: make a client with"
            " this base_url for it",
        )


def _address(owner: Node) -> str | None:
    servers = owner.get("servers")
    first = next(iter(servers.elements()), None) if servers else None
    return (first.text("url") or "").rstrip("/") if first else None
