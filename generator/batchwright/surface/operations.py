"""Resources and methods: what can be called, with what, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from batchwright import ir
from batchwright.surface.arguments import (
    arguments_changed,
    arguments_of,
    arguments_of_resource,
)
from batchwright.surface.batches import batch_changed
from batchwright.surface.change import About, Change, Pin, Pointer
from batchwright.surface.context import Both
from batchwright.surface.errors import errors_changed
from batchwright.surface.models import type_changed
from batchwright.surface.pairs import Method, Pairs, paired_methods
from batchwright.surface.usage import RESPONSE
from batchwright.surface.wire import access_changed, headers_changed, wire_changed


def operations_changed(old: ir.Api, new: ir.Api, both: Both) -> Iterator[Change]:
    """What changes about resources and methods."""
    pairs = paired_methods(old, new)
    moved = _moved_resources(pairs)
    regrouped = _regrouped_resources(pairs)
    yield from _resources_changed(old, new, pairs, moved, regrouped, both)
    left = {resource.name for resource in new.resources}
    for before, after in pairs.both:
        name = before.resource.name
        home = moved.get(name, name)
        if name in regrouped and name not in left:
            home = after.resource.name  # which is told of the resource
        pins = ((_thing(before.resource), name),) if name in regrouped else ()
        is_home = home == after.resource.name
        if not is_home or not both.is_same_operation(before.operation, after.operation):
            yield from _method_changed(before, after, home, pins, both)


def _moved_resources(pairs: Pairs[Method]) -> dict[str, str]:
    """Resources that have become another one, with all that is left of them."""
    ways = {(old.resource.name, new.resource.name) for old, new in pairs.both}
    count = Counter(old for old, _ in ways)
    return {old: new for old, new in ways if old != new and count[old] == 1}


def _regrouped_resources(pairs: Pairs[Method]) -> dict[str, list[str]]:
    """Resources whose operations paths group now, and not tags, or the other way."""
    ways: dict[str, set[str]] = {}
    kept: set[str] = set()
    for old, new in pairs.both:
        is_same_way = old.resource.is_path == new.resource.is_path
        # Another tag, or none, is more than another way of grouping.
        has_tag = old.resource.is_path or old.resource.wire_name in new.resource.tags
        if is_same_way or not has_tag:
            kept.add(old.resource.name)
        ways.setdefault(old.resource.name, set()).add(new.resource.name)
    return {old: sorted(ways[old]) for old in ways.keys() - kept}


def _thing(resource: ir.Resource) -> str:
    """What a pin calls a resource; it decides for tags or paths as well."""
    return f"{'path' if resource.is_path else 'tag'} {resource.wire_name}"


def _resources_changed(
    old: ir.Api,
    new: ir.Api,
    pairs: Pairs[Method],
    moved: dict[str, str],
    regrouped: dict[str, list[str]],
    both: Both,
) -> Iterator[Change]:
    today = {resource.name: resource for resource in old.resources}
    then = {resource.name: resource for resource in new.resources}
    for name, other in sorted(moved.items()):
        about = _about_resource(today[name], then[other])
        named = today[name] if name in regrouped else then[other]
        yield about.renames(
            "resource-renamed",
            f"the resource is called `{other}` now",
            name,
            _thing(named),
        )
        yield from _resource_changed(about, today[name], then[other], both)
    for name in today.keys() & then.keys():
        about = _about_resource(today[name], then[name])
        yield from _resource_changed(about, today[name], then[name], both)
    lost = {name for name in today.keys() - then.keys() if name not in moved}
    for name in lost:
        about = _about_resource(today[name], None)
        if name in regrouped:
            yield _parted(about, today[name], regrouped[name])
        else:
            yield about.breaks("resource-removed", "the resource is gone")
    gained = then.keys() - today.keys() - set(moved.values())
    for name in gained:
        about = _about_resource(None, then[name])
        number = len(then[name].operations)
        methods = "1 method" if number == 1 else f"{number} methods"
        yield about.fits("resource-added", f"a new resource with {methods}")
    yield from _of_one_side(pairs, lost, gained)


def _parted(about: About, old: ir.Resource, others: Iterable[str]) -> Change:
    groups = "tags" if old.is_path else "paths"
    homes = ", ".join(f"`{it}`" for it in others)
    return about.renames(
        "resource-parted",
        f"the resource is gone, as {groups} group its methods now: they are in {homes}",
        old.name,
        _thing(old),
    )


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


def _resource_changed(
    about: About, old: ir.Resource, new: ir.Resource, both: Both
) -> Iterator[Change]:
    if old.factory != new.factory:
        yield about.breaks(
            "resource-call",
            f"the resource is {_made_by(new)} now, and was {_made_by(old)}",
        )
    else:
        arguments = arguments_of_resource(old), arguments_of_resource(new)
        yield from arguments_changed(about, *arguments, both)
    names = old.class_name, old.async_class_name
    pins = tuple(pin for name in names for pin in both.making_way(name))
    for before, after in zip(_imported(old), _imported(new), strict=True):
        if before != after and old.name == new.name:
            told = f"`{before}` is `{after}` now"
            yield replace(about.breaks("class-renamed", told), pins=pins)
    if old.docs != new.docs and not (_is_generic(old) and _is_generic(new)):
        yield about.fits("docs", "another description")


def _is_generic(resource: ir.Resource) -> bool:
    """Whether the docs are made from the name alone."""
    return resource.docs.startswith("The operations ")


def _imported(resource: ir.Resource) -> tuple[str, ...]:
    """What annotations of a resource import."""
    classes = (resource.class_name, resource.async_class_name)
    return tuple(f"resources.{resource.module}.{name}" for name in classes)


def _made_by(resource: ir.Resource) -> str:
    """How code comes by a resource."""
    if not resource.factory:
        return f"`client.{resource.name}`"
    return f"`client.{resource.name}({', '.join(it.name for it in resource.bound)})`"


def _method_changed(
    old: Method, new: Method, home: str, pins: tuple[Pin, ...], both: Both
) -> Iterator[Change]:
    """What changes about a method, which is to be in the resource `home`.

    `pins` leave it in its own.
    """
    about = About(
        subject=old.subject,
        old=old.pointer,
        new=new.pointer,
        thing=f"{new.operation.method} {new.operation.path}",
    )
    told = f"the method is `{new.subject}` now"
    if home != new.resource.name:
        yield replace(about.breaks("method-renamed", told), pins=pins)
    elif old.operation.name != new.operation.name:
        taken = [operation.name for operation in new.resource.operations]
        yield about.renames("method-renamed", told, old.operation.name, taken=taken)
    before, after = old.operation, new.operation
    if (before.batch is None) != (after.batch is None):
        yield _batch_or_not(about, after)
    else:
        arguments = arguments_of(before), arguments_of(after)
        yield from arguments_changed(about, *arguments, both)
        yield from _result_changed(about, before, after, both)
        yield from errors_changed(about, before, after, both)
        yield from batch_changed(about, before, after, both)
    yield from _stream_changed(about, before.stream, after.stream)
    yield from wire_changed(about, before, after)
    yield from headers_changed(about, before, after)
    yield from access_changed(about, before, after, both)
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
    elif old is not None and old.alone:
        yield about.fits("stream-alone", "a method waits for the whole answer, too")
    if old is not None and new is not None and old.accept != new.accept:
        yield about.fits(
            "media-type",
            f"the stream asks for {new.accept}, and asked for {old.accept} (wire only)",
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


def _docs(operation: ir.Operation) -> tuple[str | None, ...]:
    return operation.title, operation.docs, operation.result_docs
