"""Resources and methods: what can be called, with what, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from batchwright import ir
from batchwright.surface.arguments import arguments_changed
from batchwright.surface.batches import batch_changed
from batchwright.surface.change import About, Change, Pointer
from batchwright.surface.context import Both
from batchwright.surface.errors import errors_changed
from batchwright.surface.models import type_changed
from batchwright.surface.pairs import Method, Pairs, paired_methods
from batchwright.surface.usage import RESPONSE


def operations_changed(old: ir.Api, new: ir.Api, both: Both) -> Iterator[Change]:
    """What changes about resources and methods."""
    pairs = paired_methods(old, new)
    moved = _moved_resources(pairs)
    yield from _resources_changed(old, new, pairs, moved)
    for before, after in pairs.both:
        yield from _method_changed(before, after, moved, both)


def _moved_resources(pairs: Pairs[Method]) -> dict[str, str]:
    """Resources that have become another one, with all that is left of them."""
    ways = {(old.resource.name, new.resource.name) for old, new in pairs.both}
    count = Counter(old for old, _ in ways)
    return {old: new for old, new in ways if old != new and count[old] == 1}


def _resources_changed(
    old: ir.Api, new: ir.Api, pairs: Pairs[Method], moved: dict[str, str]
) -> Iterator[Change]:
    today = {resource.name: resource for resource in old.resources}
    then = {resource.name: resource for resource in new.resources}
    for name, other in sorted(moved.items()):
        about = _about_resource(today[name], then[other])
        yield about.breaks("resource-renamed", f"the resource is called `{other}` now")
    for name in today.keys() & then.keys():
        yield from _resource_changed(today[name], then[name])
    lost = {name for name in today.keys() - then.keys() if name not in moved}
    for name in lost:
        about = _about_resource(today[name], None)
        yield about.breaks("resource-removed", "the resource is gone")
    gained = then.keys() - today.keys() - set(moved.values())
    for name in gained:
        about = _about_resource(None, then[name])
        number = len(then[name].operations)
        methods = "1 method" if number == 1 else f"{number} methods"
        yield about.fits("resource-added", f"a new resource with {methods}")
    yield from _of_one_side(pairs, lost, gained)


def _of_one_side(
    pairs: Pairs[Method], lost: Iterable[str], gained: Iterable[str]
) -> Iterator[Change]:
    """Methods of one side alone, where not the whole resource is."""
    for method in pairs.gone:
        if method.resource.name not in lost:
            about = About(subject=method.subject, old=method.pointer)
            yield about.breaks("method-removed", "the method is gone")
    for method in pairs.added:
        if method.resource.name not in gained:
            about = About(subject=method.subject, new=method.pointer)
            yield about.fits("method-added", "a new method")


def _about_resource(old: ir.Resource | None, new: ir.Resource | None) -> About:
    """A resource, by its first operation."""
    either = old or new
    assert either is not None
    return About(
        subject=either.name,
        old=_place(old),
        new=_place(new),
    )


def _place(resource: ir.Resource | None) -> Pointer | None:
    if resource is None:
        return None
    return Method(resource=resource, operation=resource.operations[0]).pointer


def _resource_changed(old: ir.Resource, new: ir.Resource) -> Iterator[Change]:
    about = _about_resource(old, new)
    before, after = _made_by(old), _made_by(new)
    if before != after:
        yield about.breaks(
            "resource-call", f"the resource is {after} now, and was {before}"
        )
    if old.docs != new.docs:
        yield about.fits("docs", "another description")


def _made_by(resource: ir.Resource) -> str:
    """How code comes by a resource."""
    if not resource.factory:
        return f"`client.{resource.name}`"
    return f"`client.{resource.name}({', '.join(it.name for it in resource.bound)})`"


def _method_changed(
    old: Method, new: Method, moved: dict[str, str], both: Both
) -> Iterator[Change]:
    about = About(subject=old.subject, old=old.pointer, new=new.pointer)
    resource = moved.get(old.resource.name, old.resource.name)
    if (resource, old.operation.name) != (new.resource.name, new.operation.name):
        yield about.breaks("method-renamed", f"the method is `{new.subject}` now")
    before, after = old.operation, new.operation
    if (before.batch is None) != (after.batch is None):
        yield _batch_or_not(about, after)
    else:
        yield from arguments_changed(about, before, after, both)
        yield from _result_changed(about, before, after, both)
        yield from errors_changed(about, before, after, both)
        yield from batch_changed(about, before, after, both)
    yield from _stream_changed(about, before.stream, after.stream)
    yield from _wire_changed(about, before, after)
    yield from _access_changed(about, before, after)
    if before.deprecated != after.deprecated:
        now = "deprecated now" if after.deprecated else "no longer deprecated"
        yield about.fits("deprecated", f"the method is {now}")
    if _docs(before) != _docs(after):
        yield about.fits("docs", "another description")


def _batch_or_not(about: About, new: ir.Operation) -> Change:
    if new.batch is None:
        return about.breaks(
            "batch", "the method is no batch any more: it sends one request"
        )
    return about.breaks(
        "batch",
        "the method takes any number of inputs now, and says of each what became of "
        f"it; `{new.request_name}` sends one request",
    )


def _stream_changed(
    about: About, old: ir.Stream | None, new: ir.Stream | None
) -> Iterator[Change]:
    """The method that hands on an answer as it comes."""
    if old is None and new is not None:
        yield about.fits(
            "stream-added", f"`{new.name}` hands on the answer as it comes"
        )
    elif old is not None and new is None:
        yield about.breaks("stream-removed", f"`{old.name}` is gone")
    elif old is not None and new is not None and old.name != new.name:
        yield about.breaks("stream-renamed", f"`{old.name}` is `{new.name}` now")
    if (new is not None and new.alone) and not (old is not None and old.alone):
        yield about.breaks(
            "stream-alone", "the method that waits for the whole is gone"
        )


def _result_changed(
    about: About, old: ir.Operation, new: ir.Operation, both: Both
) -> Iterator[Change]:
    if old.returns == ir.NONE != new.returns:
        yield about.fits("result", "the method returns something now")
        return
    request = about
    if new.batch is not None and old.batch is not None:
        resource, _, _ = about.subject.partition(".")
        subject = f"{resource}.{old.request_name}"
        request = About(subject=subject, old=about.old, new=about.new)
    yield from type_changed(
        request, "result-type", "what it returns", old.returns, new.returns, RESPONSE,
        both,
    )  # fmt: skip


def _wire_changed(
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
    sent, was_sent = _media_types(new), _media_types(old)
    if sent and was_sent and sent != was_sent:
        yield about.fits(
            "media-type", f"the body is {sent}, and was {was_sent} (wire only)"
        )


def _media_types(operation: ir.Operation) -> str:
    body = operation.body
    return " or ".join(form.media_type for form in body.formats) if body else ""


def _statuses(operation: ir.Operation) -> str:
    found = [str(response.status) for response in operation.responses]
    return " or ".join(found) or "any 2xx"


def _access_changed(
    about: About, old: ir.Operation, new: ir.Operation
) -> Iterator[Change]:
    if old.security != new.security:
        yield about.changes(
            "security",
            f"it is called with {_credentials(new)}, and was with {_credentials(old)}",
            breaking=not _allows(new.security, old.security),
        )
    if old.scopes != new.scopes:
        yield about.changes(
            "scopes",
            f"a token needs {_ways(new.scopes)}, and needed {_ways(old.scopes)}",
            breaking=not _allows(new.scopes or ((),), old.scopes or ((),)),
        )


def _allows(
    new: tuple[tuple[str, ...], ...] | None, old: tuple[tuple[str, ...], ...] | None
) -> bool:
    """Whether everything that was enough is enough still."""
    if new is None or old is None:
        return False
    return all(any(set(way) <= set(had) for way in new) for had in old)


def _credentials(operation: ir.Operation) -> str:
    if operation.security is None:
        return "all credentials of the client"
    return _ways(operation.security)


def _ways(ways: tuple[tuple[str, ...], ...]) -> str:
    told = [" and ".join(f"`{it}`" for it in way) or "nothing" for way in ways]
    return ", or ".join(told) or "nothing"


def _docs(operation: ir.Operation) -> tuple[str | None, ...]:
    return operation.title, operation.docs, operation.result_docs
