"""Which files outside of a spec's folder may be read, and which addresses they have."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urljoin

from msgspec import Struct


class Elsewhere(Struct, frozen=True, kw_only=True):
    """What may be read beside the spec's own folder.

    `copies` are pairs of an address and the file that is its copy; where the address
    ends with a slash, it is that of a folder. `allowed` are files and folders. Paths
    are as the user would type them. Nothing is ever fetched.
    """

    copies: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = ()

    def copy_of(self, address: str) -> str | None:
        """The path of the file that is a copy of what an address leads to.

        The longest of the addresses counts.
        """
        for start, path in sorted(self.copies, key=lambda it: len(it[0]), reverse=True):
            if address == start:
                return path
            if start.endswith("/") and address.startswith(start):
                return os.path.join(path, address.removeprefix(start))
        return None

    def roots(self, real: Callable[[str], str]) -> list[str]:
        """Every file and folder that may be read, symbolic links followed."""
        return [real(path) for path in (*self.allowed, *(it for _, it in self.copies))]


NOWHERE = Elsewhere()


def address_of(file: str, base: str | None, is_address: bool) -> str | None:
    """The address that a `$ref` means in a file with an address of its own (`base`)."""
    if is_address:
        return file
    return None if base is None else urljoin(base, file)
