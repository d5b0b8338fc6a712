"""What stood at the root of a document of Swagger 2.0, and moved since.

`relics` tells of everything that Swagger 2.0 had inside of operations and components.
"""

from __future__ import annotations

from batchwright.checking.amend import Change, Fixed, Instead, amended
from batchwright.checking.relics import tell
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, Pointer

_ADDRESS = ("host", "basePath", "schemes")
_SCHEMES = "securityDefinitions"


def moved(document: Document, report: Report) -> Document:
    """The resolved document with an old root's fields where they belong; each is told.

    What a `$ref` leads to, in `definitions` and the like, is among components already.
    """
    root = document.root
    changes: dict[Pointer, Change] = {}
    if any(name in root for name in _ADDRESS):
        changes |= _address(root, report)
    if _SCHEMES in root and isinstance(root[_SCHEMES].value, dict):
        changes |= _schemes(root, report)
    return amended(document, changes, report)


def _address(root: Node, report: Report) -> dict[Pointer, Change]:
    """The parts of the address, as that of a server."""
    said = [name for name in _ADDRESS if name in root]
    changes: dict[Pointer, Change] = {(name,): Fixed.LEFT_OUT for name in said}
    servers, url = root.get("servers"), _url(root)
    if servers is not None and servers.value:
        reading = "it is ignored: `servers` say where the API is"
    else:
        reading = f"it is read as a part of the server {url}"
        changes["servers",] = Instead([{"url": url}])
    for name in said:
        tell(root[name], reading, report)
    return changes


def _url(root: Node) -> str:
    host, path = root.text("host"), (root.text("basePath") or "").strip("/")
    if not host:
        return f"/{path}"
    listed = root.get("schemes")
    schemes = [it.value for it in listed.elements()] if listed is not None else []
    scheme = "http" if "http" in schemes and "https" not in schemes else "https"
    return f"{scheme}://{host}/{path}".rstrip("/")


def _schemes(root: Node, report: Report) -> dict[Pointer, Change]:
    """The security schemes, as components, beside those that are there."""
    tell(root[_SCHEMES], "they are read as components/securitySchemes", report)
    changes: dict[Pointer, Change] = {(_SCHEMES,): Fixed.LEFT_OUT}
    old = root[_SCHEMES].value
    components = root.get("components")
    section = components.get("securitySchemes") if components is not None else None
    if components is None:
        changes["components",] = Instead(
            {"securitySchemes": old}, {("securitySchemes",): (_SCHEMES,)}
        )
    elif section is None:
        changes["components", "securitySchemes"] = Instead(old, {(): (_SCHEMES,)})
    else:
        for name, scheme in root[_SCHEMES].items():
            if name not in section:
                change = Instead(scheme.value, {(): scheme.pointer})
                changes["components", "securitySchemes", name] = change
    return changes
