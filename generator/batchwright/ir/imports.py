"""What a generated module imports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`from module import names`, or `import module as alias` without names."""

    module: str
    names: tuple[str, ...] = ()
    alias: str | None = None
