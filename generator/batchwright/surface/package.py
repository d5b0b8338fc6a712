"""The package as a whole: clients, credentials, what can be imported."""

from __future__ import annotations

from collections.abc import Iterator

from batchwright import ir
from batchwright.surface.change import CLIENT, About, Change
from batchwright.surface.conduct import conduct_changed
from batchwright.surface.pairs import Pairs, paired_credentials

_ROOT = ("info",)
_SCHEMES = ("components", "securitySchemes")


def package_changed(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    """What changes about the clients and the package."""
    about = About(subject=old.client.class_name, old=_ROOT, new=_ROOT)
    before, after = _classes(old.client), _classes(new.client)
    if before != after:
        yield about.renames(
            "client-renamed",
            f"the clients are called `{new.client.class_name}` and "
            f"`{new.client.async_class_name}` now",
            old.client.class_name,
            CLIENT,
        )
    yield from _credentials_changed(old.client, new.client)
    yield from conduct_changed(old, new)
    yield from _names_changed(old, new)
    if (old.title, old.docs) != (new.title, new.docs):
        yield about.fits("docs", "another title or description of the API")


def _classes(client: ir.Client) -> tuple[str, str]:
    return client.class_name, client.async_class_name


def _credentials_changed(old: ir.Client, new: ir.Client) -> Iterator[Change]:
    pairs = paired_credentials(old, new)
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
    yield from _order_changed(old, new, pairs)


def _order_changed(
    old: ir.Client, new: ir.Client, pairs: Pairs[ir.Credential]
) -> Iterator[Change]:
    """Credentials may be given by place, so that each has to stay in its own."""
    names = {after.argument: before.argument for before, after in pairs.both}
    now = [names.get(it.argument, it.argument) for it in new.credentials]
    kept = [it.argument for it in old.credentials if it.argument in names.values()]
    if now[: len(kept)] != kept:
        about = About(subject=old.class_name, old=_SCHEMES, new=_SCHEMES)
        yield about.breaks(
            "credential-order",
            f"credentials that are given by place come as {_listed(now)}, and came "
            f"as {_listed([it.argument for it in old.credentials])}",
        )


def _credential_changed(
    about: About, old: ir.Credential, new: ir.Credential
) -> Iterator[Change]:
    what = f"the argument `{old.argument}`"
    if old.argument != new.argument:
        yield about.renames(
            "credential-renamed",
            f"{what} is `{new.argument}` now",
            old.argument,
            f"security {new.scheme}",
        )
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
    if old.docs != new.docs:
        yield about.fits("docs", f"another description of {what}")


def _names_changed(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    """Names of the runtime that the package offers."""
    gone = sorted({*old.public_runtime} - {*new.public_runtime})
    added = sorted({*new.public_runtime} - {*old.public_runtime})
    about = About(subject=old.package, old=_ROOT, new=_ROOT)
    if gone:
        yield about.breaks("names-removed", f"it no longer offers {_listed(gone)}")
    if added:
        yield about.fits("names-added", f"it offers {_listed(added)} as well")


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
