"""What a generated module imports."""

from __future__ import annotations

from msgspec import Struct


class Import(Struct, frozen=True, kw_only=True):
    """`from module import names`, or `import module as alias` without names."""

    module: str
    names: tuple[str, ...] = ()
    alias: str | None = None
