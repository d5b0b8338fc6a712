"""The package as a whole: clients, credentials, what can be imported."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright import ir
from batchwright.surface.change import About, Change
from batchwright.surface.hosts import variables_changed
from batchwright.surface.pairs import paired

_ROOT = ("info",)
_SERVERS = ("servers",)
_SCHEMES = ("components", "securitySchemes")


def package_changed(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    """What changes about the clients and the package."""
    about = About(subject=old.client.class_name, old=_ROOT, new=_ROOT)
    if old.client.class_name != new.client.class_name:
        yield about.breaks(
            "client-renamed",
            f"the clients are called `{new.client.class_name}` and "
            f"`{new.client.async_class_name}` now",
        )
    yield from _host_changed(old.client, new.client)
    yield from variables_changed(old.client, new.client)
    yield from _credentials_changed(old.client, new.client)
    yield from _conduct_changed(old.client, new.client)
    yield from _names_changed(old, new)
    if (old.title, old.docs) != (new.title, new.docs):
        yield about.fits("docs", "another title or description of the API")


def _host_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    before, after = old.servers.base_url, new.servers.base_url
    if before == after:
        return
    about = About(subject=old.class_name, old=_SERVERS, new=_SERVERS)
    if after is None:
        yield about.breaks("host", "`base_url` has to be given: there is no default")
    elif before is None:
        yield about.fits("host", f"`base_url` is {after} by default")
    else:
        yield about.fits(
            "host",
            f"requests go to {after} by default, and went to {before} "
            "(wire only: proxies and allow-lists may have to know)",
        )


def _credentials_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    pairs = paired(
        old.credentials,
        new.credentials,
        (lambda it: it.scheme, lambda it: it.argument),
    )
    for gone in pairs.gone:
        about = About(subject=old.class_name, old=(*_SCHEMES, gone.scheme))
        yield about.breaks(
            "credential-removed", f"the argument `{gone.argument}` is gone"
        )
    for added in pairs.added:
        about = About(subject=old.class_name, new=(*_SCHEMES, added.scheme))
        what = f"a new argument `{added.argument}`"
        yield about.changes(
            "credential-added",
            f"{what} that no call does without" if added.required else what,
            breaking=added.required,
        )
    for before, after in pairs.both:
        about = About(
            subject=old.class_name,
            old=(*_SCHEMES, before.scheme),
            new=(*_SCHEMES, after.scheme),
        )
        yield from _credential_changed(about, before, after)


def _credential_changed(
    about: About, old: ir.Credential, new: ir.Credential
) -> Iterator[Change]:
    what = f"the argument `{old.argument}`"
    if old.argument != new.argument:
        yield about.breaks("credential-renamed", f"{what} is `{new.argument}` now")
    if old.parent != new.parent:
        yield about.breaks("credential-kind", f"{what} is {new.form} now")
    if new.required and not old.required:
        yield about.breaks("credential-required", f"no call does without {what}")
    elif old.required and not new.required:
        yield about.fits("credential-required", f"some calls do without {what}")
    if old.environment_variable != new.environment_variable:
        now = new.environment_variable or "no environment variable"
        yield about.changes(
            "credential-variable",
            f"{what} is read from {now}, and was from "
            f"{old.environment_variable or 'none'}",
            breaking=old.environment_variable is not None,
        )
    if (old.wire_name, old.location) != (new.wire_name, new.location):
        yield about.fits(
            "credential-wire",
            f"{what} travels as `{new.wire_name}` in the {new.location} (wire only)",
        )


def _conduct_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    ways: tuple[tuple[str, object, object, str], ...] = (
        ("retries", old.retry_rules, new.retry_rules, "x-retry"),
        ("rate-limit", old.rate_limit, new.rate_limit, "x-rate-limit"),
        ("error-fields", old.error_fields, new.error_fields, "x-error"),
    )
    for code, before, after, extension in ways:
        if before != after:
            place = (extension,)
            about = About(subject=old.class_name, old=place, new=place)
            yield about.fits(code, f"`{extension}` says something else")


def _names_changed(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    """Names of the runtime that the package offers, and its fake."""
    gone = sorted({*old.public_runtime} - {*new.public_runtime})
    added = sorted({*new.public_runtime} - {*old.public_runtime})
    about = About(subject=old.package, old=_ROOT, new=_ROOT)
    if gone:
        yield about.breaks("names-removed", f"it no longer offers {_listed(gone)}")
    if added:
        yield about.fits("names-added", f"it offers {_listed(added)} as well")
    if old.fake is not None and new.fake is None:
        yield about.breaks("fake", "there is no `testing` any more")
    elif new.fake is not None and old.fake is None:
        yield about.fits("fake", "there is a fake server to test against: `testing`")


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
