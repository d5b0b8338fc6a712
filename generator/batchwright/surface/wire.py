"""Requests as the wire sees them, and what they are allowed with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.context import Both

# One combination or another, of security schemes or of scopes.
Ways: TypeAlias = tuple[tuple[str, ...], ...]


def wire_changed(
    about: About, old: ir.Operation, new: ir.Operation
) -> Iterator[Change]:
    if (old.method, old.path) != (new.method, new.path):
        yield about.fits(
            "path",
            f"the request is `{new.method} {new.path}`, and was "
            f"`{old.method} {old.path}` (wire only)",
        )
    if old.server != new.server:
        yield about.fits(
            "host",
            f"requests go to {new.server or 'the default host'}, and went to "
            f"{old.server or 'the default host'} (wire only)",
        )
    before, after = _statuses(old), _statuses(new)
    if before != after:
        yield about.fits(
            "status",
            f"success is {after}, and was {before}; both are read the same way",
        )
    if old.accept != new.accept:
        yield about.fits(
            "media-type",
            f"answers are asked for as {new.accept or 'JSON'}, and were as "
            f"{old.accept or 'JSON'} (wire only)",
        )
    sent, was_sent = _media_types(new), _media_types(old)
    if sent and was_sent and sent != was_sent:
        yield about.fits(
            "media-type", f"the body is {sent}, and was {was_sent} (wire only)"
        )
    elif sent and was_sent and _encodings(new) != _encodings(old):
        yield about.fits(
            "media-type", "fields of the body are written another way (wire only)"
        )


def headers_changed(
    about: About, old: ir.Operation, new: ir.Operation
) -> Iterator[Change]:
    """Headers of answers, which code may read, as far as they are documented."""
    before = {header.wire_name.lower(): header for header in old.headers}
    after = {header.wire_name.lower(): header for header in new.headers}
    for key, header in before.items():
        if key not in after:
            what = f"answers have no header `{header.wire_name}` any more"
            yield about.breaks("header-removed", what)
        elif header != after[key]:
            what = f"another description of the header `{header.wire_name}`"
            yield about.fits("docs", what)
    for key, header in after.items():
        if key not in before:
            what = f"answers may have a header `{header.wire_name}`"
            yield about.fits("header-added", what)


def _encodings(operation: ir.Operation) -> object:
    body = operation.body
    return [form.encodings for form in body.formats] if body else []


def _media_types(operation: ir.Operation) -> str:
    body = operation.body
    return " or ".join(form.media_type for form in body.formats) if body else ""


def _statuses(operation: ir.Operation) -> str:
    found = [str(response.status) for response in operation.responses]
    return " or ".join(found) or "any 2xx"


def access_changed(
    about: About, old: ir.Operation, new: ir.Operation, both: Both
) -> Iterator[Change]:
    security = _as_called_before(new.security, both)
    if old.security != security:
        yield about.changes(
            "security",
            f"it is called with {_credentials(security)}, and was with "
            f"{_credentials(old.security)}",
            breaking=not _allows(security, old.security),
        )
    if old.scopes != new.scopes:
        yield about.changes(
            "scopes",
            f"a token needs {_ways(new.scopes)}, and needed {_ways(old.scopes)}",
            breaking=not _allows(new.scopes or ((),), old.scopes or ((),)),
        )


def _as_called_before(security: Ways | None, both: Both) -> Ways | None:
    """Combinations of schemes, by the names that the old API has for these."""
    if security is None:
        return None
    return tuple(tuple(both.schemes.get(it, it) for it in way) for way in security)


def _allows(new: Ways | None, old: Ways | None) -> bool:
    """Whether everything that was enough is enough still."""
    if new is None or old is None:
        return False
    return all(any(set(way) <= set(had) for way in new) for had in old)


def _credentials(security: Ways | None) -> str:
    return "all credentials of the client" if security is None else _ways(security)


def _ways(ways: Ways) -> str:
    told = [" and ".join(f"`{it}`" for it in way) or "nothing" for way in ways]
    return ", or ".join(told) or "nothing"
