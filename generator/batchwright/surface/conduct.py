"""How the client goes about it: hosts, errors, attempts, rates; and its fake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from batchwright import ir
from batchwright.surface.change import About, Change, Pointer
from batchwright.surface.hosts import variables_changed

_SERVERS = ("servers",)


def conduct_changed(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    """What changes about the conduct of clients and of the fake."""
    before, after = old.client, new.client
    yield from _hosts_changed(before, after)
    yield from variables_changed(before, after)
    yield from _errors_changed(
        _about(old, "x-error"), before.error_fields, after.error_fields
    )
    yield from _retries_changed(
        _about(old, "x-retry"), before.retry_rules, after.retry_rules
    )
    if before.rate_limit != after.rate_limit:
        yield _about(old, "x-rate-limit").fits(
            "rate-limit",
            f"batches keep to {_rate(after.rate_limit)}, and kept to "
            f"{_rate(before.rate_limit)}",
        )
    yield from _fake_changed(old, old.fake, new.fake)


def _about(old: ir.Api, *place: str) -> About:
    return About(subject=old.client.class_name, old=place, new=place)


def _hosts_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    about = About(subject=old.class_name, old=_SERVERS, new=_SERVERS)
    before, after = old.servers, new.servers
    if before.base_url != after.base_url:
        yield _default_host(about, before.base_url, after.base_url)
    elif before.documented != after.documented:
        yield about.fits("docs", "other servers are documented for `base_url`")
    gone = [url for url in before.others if url not in after.others]
    if gone and not after.others:
        yield about.breaks("host", "the argument `server_urls` is gone")
    elif gone:
        yield about.breaks("host", f"`server_urls` takes no {_listed(gone)} any more")
    added = [url for url in after.others if url not in before.others]
    if added:
        yield about.fits("host", f"`server_urls` takes {_listed(added)} as well")


def _default_host(about: About, old: str | None, new: str | None) -> Change:
    if new is None:
        return about.breaks("host", "`base_url` has to be given: there is no default")
    if old is None:
        return about.fits("host", f"`base_url` is {new} by default")
    return about.fits(
        "host",
        f"requests go to {new} by default, and went to {old} "
        "(wire only: proxies and allow-lists may have to know)",
    )


def _errors_changed(
    about: About, old: ir.ErrorFields | None, new: ir.ErrorFields | None
) -> Iterator[Change]:
    """A part that errors no longer say is missed by who reads it; the place is not."""
    for attribute, before, after in (
        ("message", _ways(old, "message"), _ways(new, "message")),
        ("category", _ways(old, "category"), _ways(new, "category")),
        ("correlation_id", _id_ways(old), _id_ways(new)),
    ):
        if before == after:
            continue
        what = f"the `{attribute}` of errors"
        if not after:
            yield about.breaks("error-fields", f"{what} is not told any more")
        elif not before:
            yield about.fits("error-fields", f"{what} is told: {_or(after)} has it")
        else:
            yield about.fits(
                "error-fields",
                f"{what} is in {_or(after)}, and was in {_or(before)} (wire only)",
            )


def _ways(
    fields: ir.ErrorFields | None, part: Literal["message", "category"]
) -> tuple[str, ...]:
    if fields is None:
        return ()
    place = fields.message if part == "message" else fields.category
    return (f"`{place}`",) if place else ()


def _id_ways(fields: ir.ErrorFields | None) -> tuple[str, ...]:
    if fields is None:
        return ()
    body, header = fields.correlation_id, fields.correlation_id_header
    found = (body and f"`{body}`", header and f"the header `{header}`")
    return tuple(way for way in found if way)


def _retries_changed(
    about: About, old: tuple[ir.RetryRule, ...], new: tuple[ir.RetryRule, ...]
) -> Iterator[Change]:
    gone = [rule for rule in old if rule not in new]
    added = [rule for rule in new if rule not in old]
    for rule in gone:
        yield about.fits("retries", f"no longer: {_rule(rule)}")
    for rule in added:
        yield about.fits("retries", f"from now on: {_rule(rule)}")
    if old != new and not gone and not added:
        yield about.fits("retries", "the rules of `x-retry` come in another order")


def _rule(rule: ir.RetryRule) -> str:
    statuses = ", ".join(map(str, rule.statuses))
    case = f" with `{rule.field}` {rule.equals!r}" if rule.field else ""
    if rule.retry == "never":
        return f"after {statuses}{case}, nothing is sent again"
    what = "requests" if rule.retry == "always" else "requests that do no harm twice"
    seconds = rule.wait_seconds
    pause = "the client's own pause" if seconds is None else f"{seconds:g} s"
    more = "" if rule.honour_retry_after else ", whatever `Retry-After` says"
    return f"after {statuses}{case}, {what} are sent again after {pause}{more}"


def _rate(limit: ir.RateLimit | None) -> str:
    if limit is None:
        return "no rate"
    headers = (limit.limit_header, limit.remaining_header, limit.interval_header)
    told = [f"`{header}`" for header in headers if header]
    corrected = f", corrected by {', '.join(told)}" if told else ""
    return f"{limit.requests} requests in {limit.per_seconds:g} s{corrected}"


def _fake_changed(
    api: ir.Api, old: ir.Fake | None, new: ir.Fake | None
) -> Iterator[Change]:
    about = About(
        subject=f"{api.package}.testing", old=("x-behaviour",), new=("x-behaviour",)
    )
    if new is None or old is None:
        if old is not None:
            yield about.breaks("fake", "there is no `testing` any more")
        if new is not None:
            yield about.fits("fake", "there is a fake server to test against")
        return
    for what, before, after in (
        ("records", _record_names(old), _record_names(new)),
        ("generation", _generations(old), _generations(new)),
    ):
        gone = [name for name in before if name not in after]
        added = [name for name in after if name not in before]
        if gone:
            yield about.breaks("fake", f"it knows no {what} {_listed(gone)} any more")
        if added:
            yield about.fits("fake", f"it knows the {what} {_listed(added)}, too")
    if old.behaviour != new.behaviour:
        yield about.fits("fake", "`x-behaviour` says something else of its answers")
    then = {it.name: it for it in new.record_types}
    for kind in old.record_types:
        if kind.name in then and _particulars(kind) != _particulars(then[kind.name]):
            place: Pointer = ("tags",)
            yield About(subject=about.subject, old=place, new=place).fits(
                "fake", f"it keeps the records `{kind.name}` another way"
            )


def _record_names(fake: ir.Fake) -> list[str]:
    return [name for kind in fake.record_types for name in (kind.name, *kind.names)]


def _generations(fake: ir.Fake) -> list[str]:
    return [str(it["name"]) for it in fake.behaviour.get("generations", ())]


def _particulars(kind: ir.RecordType) -> object:
    """What tests notice of a type of records, beside its names."""
    return kind.parameter, kind.unique, kind.lower_case, kind.default


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _or(ways: Iterable[str]) -> str:
    return " or ".join(ways)
