"""Rules of security: what an operation asks for is declared."""

from __future__ import annotations

from difflib import get_close_matches

from batchwright.amend import Change, Fixed
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Document, Node, Pointer
from batchwright.rules.paths import PathOperation


def check_security(
    operations: list[PathOperation], document: Document, report: Report
) -> dict[Pointer, Change]:
    """Warn of schemes that are asked for but not declared; they are left out."""
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if components is not None else None
    declared = dict(schemes.items()) if schemes is not None else {}
    changes: dict[Pointer, Change] = {}
    for owner in (document.root, *(operation.node for operation in operations)):
        security = owner.get("security")
        for requirement in security.elements() if security is not None else ():
            for name, entry in requirement.items():
                if name not in declared:
                    _report_undeclared(name, entry, list(declared), report)
                    changes[entry.pointer] = Fixed.LEFT_OUT
    return changes


def _report_undeclared(
    name: str, entry: Node, declared: list[str], report: Report
) -> None:
    close = get_close_matches(name, declared, n=1)
    meant = f"did you mean {excerpt(close[0])}? " if close else ""
    report.warning(
        "undeclared-security-scheme",
        f"the security scheme {excerpt(name)} is not declared",
        entry,
        f"{meant}As it stands, no such credential is sent, unless you give it to the"
        " client as a header",
    )
