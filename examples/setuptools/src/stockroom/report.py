"""The command `stockroom`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from stockroom.warehouse import Item, Warehouse


def running_out(items: list[Item], least: int = 5) -> Iterator[str]:
    """A line for each item of which there are fewer than `least`."""
    for item in items:
        if item.count < least:
            yield f"{item.sku}: {item.count} left"


def main() -> int:
    [address] = sys.argv[1:]
    with Warehouse(base_url=address) as warehouse:
        for line in running_out(warehouse.items.list().items):
            print(line)
    return 0
