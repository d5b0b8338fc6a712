"""Security schemes to the credentials that a client is constructed with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from msgspec import Struct

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.groups import operations_of
from batchwright.translate.pins import Pins
from batchwright.translate.reading import prose

#: Arguments that the constructors have anyway.
CLIENT_ARGUMENTS = {
    "base_url",
    "headers",
    "http_client",
    "limiter",
    "self",
    "server_urls",
    "timeout",
    "transport",
}

_Location = Literal["header", "query", "cookie"]


class _Kind(Struct, frozen=True, kw_only=True):
    """How credentials of one kind are made and given."""

    parent: Literal["Bearer", "Basic", "ApiKey"]
    source: str
    async_source: str
    form: str = "A string"
    location: _Location | None = None
    name: str | None = None


_BEARER = _Kind(parent="Bearer", source="TokenSource", async_source="AsyncTokenSource")
_BASIC = _Kind(
    parent="Basic",
    source="BasicSource",
    async_source="AsyncBasicSource",
    form="A pair of strings, user name and password",
)


#: Schemes of HTTP that only the caller knows how to fill in.
_OTHER = _Kind(
    parent="ApiKey",
    source="TokenSource",
    async_source="AsyncTokenSource",
    form="The whole value of the Authorization header",
    location="header",
    name="Authorization",
)


def credentials_of(
    document: Document, report: Report, pins: Pins
) -> tuple[ir.Credential, ...]:
    """The credentials of the API, one for each security scheme a client can serve."""
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if components else None
    nodes = {name: node.follow() for name, node in schemes.items()} if schemes else {}
    kinds = {name: _kind(node) for name, node in nodes.items()}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    settled = pins.settle(
        (
            naming.Wish(key=name, wire=name, candidates=_candidates(name, list(known)))
            for name in known
        ),
        lambda name: f"security {name}",
        reserved=CLIENT_ARGUMENTS,
    )
    for names in settled.unsettled:
        report.error(
            "name-collision",
            f"the security schemes {', '.join(f'`{name}`' for name in names)} all"
            f" become the argument `{settled.names[names[0]]}`",
            nodes[names[-1]],
            hint="rename one of them",
        )
    return tuple(
        ir.Credential(
            argument=settled.names[name],
            scheme=name,
            parent=kind.parent,
            source=kind.source,
            async_source=kind.async_source,
            form=kind.form,
            wire_name=kind.name,
            location=kind.location,
            environment_variable=nodes[name].text("x-environment-variable"),
            required=len(known) == 1 and _is_needed_everywhere(name, document),
            docs=prose(nodes[name]) or f"The credential `{name}`.",
        )
        for name, kind in known.items()
    )


def _kind(scheme: Node) -> _Kind | None:
    """How a scheme travels, or None where that is not for a client's arguments.

    That is mutualTLS, for which the caller's own `http_client` has the certificate.
    """
    said = scheme.text("type")
    if said in ("oauth2", "openIdConnect"):
        return _BEARER
    if said == "http":
        known = {"basic": _BASIC, "bearer": _BEARER}
        return known.get((scheme.text("scheme") or "").lower(), _OTHER)
    place = scheme.text("in")
    if said == "apiKey" and place in ("header", "query", "cookie"):
        return _Kind(
            parent="ApiKey",
            source="TokenSource",
            async_source="AsyncTokenSource",
            location=cast(_Location, place),
            name=scheme.text("name"),
        )
    return None


def _candidates(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """A lone scheme is simply the token; several go by their own names."""
    own = naming.attribute(name, lead="credential")
    return ("token", *own) if len(names) == 1 else own


def _is_needed_everywhere(scheme: str, document: Document) -> bool:
    """Whether there is no operation that could be called without the scheme."""
    everywhere = document.root.get("security")
    for found in operations_of(document):
        security = found.node.get("security") or everywhere
        ways = list(security.elements()) if security else []
        if not ways or any(scheme not in way for way in ways):
            return False
    return True
