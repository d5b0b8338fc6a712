"""Rules of security: what an operation asks for is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from batchwright.checking.amend import Change, Fixed, Instead
from batchwright.checking.rules.paths import PathOperation
from batchwright.diagnostics import Report, excerpt
from batchwright.document import Data, Document, Node, Pointer
from batchwright.suggestions import did_you_mean

_NOT_SENT = "no such credential is sent, unless you give it to the client as a header"


def check_security(
    operations: list[PathOperation], document: Document, report: Report
) -> dict[Pointer, Change]:
    """Warn of schemes that are asked for but not declared; they are left out.

    Of those that are needed together although a request can only have one of them, each
    is enough; that is told once.
    """
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if components is not None else None
    declared = dict(schemes.items()) if schemes is not None else {}
    rivals = {name for name, node in declared.items() if _is_authorization(node)}
    changes: dict[Pointer, Change] = {}
    told: set[tuple[str, ...]] = set()
    for owner in (document.root, *(operation.node for operation in operations)):
        security = owner.get("security")
        for requirement in security.elements() if security is not None else ():
            for name, entry in requirement.items():
                if name not in declared:
                    _report_undeclared(name, entry, list(declared), report)
                    changes[entry.pointer] = Fixed.LEFT_OUT
            clash = tuple(name for name, _ in requirement.items() if name in rivals)
            if security is not None and len(clash) > 1:
                changes[security.pointer] = Instead(
                    list(_ways(security, rivals, declared))
                )
                if clash not in told:
                    _report_clash(clash, requirement, report)
                told.add(clash)
    return changes


def _is_authorization(scheme: Node) -> bool:
    """Whether a credential goes into the header of which a request has but one."""
    scheme = scheme.follow()
    if scheme.text("type") == "apiKey":
        name = (scheme.text("name") or "").lower()
        return scheme.text("in") == "header" and name == "authorization"
    return scheme.text("type") in ("http", "oauth2", "openIdConnect")


def _ways(
    security: Node, rivals: Collection[str], declared: Collection[str]
) -> Iterator[Data]:
    """The alternatives of a list, of which each has one of the rivals at most."""
    for requirement in security.elements():
        needed = {n: it.value for n, it in requirement.items() if n in declared}
        clash: list[str | None] = [name for name in needed if name in rivals]
        for chosen in clash or [None]:
            yield {
                name: scopes
                for name, scopes in needed.items()
                if name == chosen or name not in rivals
            }


def _report_clash(names: tuple[str, ...], at: Node, report: Report) -> None:
    report.warning(
        "rival-credentials",
        f"{' and '.join(map(excerpt, names))} are needed together, but both go into the"
        " Authorization header, of which a request has one",
        at,
        "one of them is enough, as if they were listed as alternatives",
    )


def _report_undeclared(
    name: str, entry: Node, declared: list[str], report: Report
) -> None:
    report.warning(
        "undeclared-security-scheme",
        f"the security scheme {excerpt(name)} is not declared",
        entry,
        did_you_mean(name, declared, _NOT_SENT),
    )
