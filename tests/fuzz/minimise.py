"""Makes a spec that shows a fault as small as it can be and still show it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from fuzz.mutations import places


def minimised(data: Any, shows: Callable[[Any], bool], *, seconds: float) -> Any:
    """The data without what the fault does not need; what time allows."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        smaller = _smaller(data, shows, end)
        if smaller is None:
            return data
        data = smaller
    return data


def _smaller(data: Any, shows: Callable[[Any], bool], end: float) -> Any | None:
    """The data after one pass over its places; None where nothing could go."""
    changed = False
    index = 0
    while time.monotonic() < end:
        found = places(data)
        if index >= len(found):
            break
        for replacement in (_GONE, {}, "x"):
            trial = copy.deepcopy(data)
            place = places(trial)[index]
            if replacement is _GONE:
                del place.container[place.key]
            elif _size(place.value) <= _size(replacement):
                continue
            else:
                place.put(copy.deepcopy(replacement))
            if shows(trial):
                data, changed = trial, True
                break
        else:
            index += 1
    return data if changed else None


_GONE = object()


def _size(value: Any) -> int:
    if isinstance(value, dict | list):
        return 2 + len(places(value))
    return 1 + (len(value) > 1 if isinstance(value, str) else 0)
