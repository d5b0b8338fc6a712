"""Wire names to Python names: words, cases, and the settling of collisions."""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from msgspec import Struct

Key = TypeVar("Key", bound=Hashable)

#: Builtins that annotations in the generated code are written with.
ANNOTATION_BUILTINS = frozenset(
    {"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"}
)

_BOUNDARIES = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"  # fooBar -> foo Bar
    r"|(?<=[A-Z])(?=[A-Z][a-z])"  # HTTPError -> HTTP Error
)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")
# Words that have capitals inside, and are one word all the same.
_WHOLE = re.compile(r"OAuth|IPv(?=[46])|GraphQL|(?<![a-z])(?:[eE]Tag|iOS|macOS|mTLS)")
_PLURAL_ACRONYM = re.compile(r"(?<=[A-Z]{2})s(?=[A-Z_]|$)")  # userIDs -> user IDS

# File systems have names of 255 bytes, some of 143, and paths of not many more.
_LONGEST_MODULE = 100

# Names come again and again; there are hardly more different ones in a spec.
_MOST_KEPT = 1 << 16

_SPELLED = {
    "!": "not",
    '"': "quote",
    "#": "hash",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "'": "apostrophe",
    "(": "open",
    ")": "close",
    "*": "star",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "dot",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less",
    "=": "equal",
    ">": "greater",
    "?": "question",
    "@": "at",
    "[": "from",
    "\\": "backslash",
    "]": "to",
    "^": "caret",
    "_": "underscore",
    "`": "backtick",
    "{": "of",
    "|": "or",
    "}": "end",
    "~": "tilde",
    " ": "space",
}


@lru_cache(maxsize=4096)  # most names are those of many things
def words(text: str) -> tuple[str, ...]:
    """The words of a wire name, lower-cased: `HTTPError-v2` -> http, error, v2."""
    text = unicodedata.normalize("NFKC", text)
    text = _WHOLE.sub(lambda found: found[0].capitalize(), text)
    parts = _parts(_PLURAL_ACRONYM.sub("S", text))
    split = (word for part in parts for word in _BOUNDARIES.split(part))
    return tuple(word.lower() for word in split if word)


@lru_cache(_MOST_KEPT)
def spelled(text: str) -> str:
    """The name with every character that `words` drops written out: `+1` -> plus 1."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return _NOT_ALPHANUMERIC.sub(lambda found: _spelling(found[0]), text)
    return "".join(c if _is_alphanumeric(c) else _spelling(c) for c in text)


def _spelling(character: str) -> str:
    return f" {_SPELLED.get(character, f'u{ord(character):04x}')} "


@lru_cache(_MOST_KEPT)
def snake(text: str) -> str:
    """`fooBar` -> `foo_bar`; may be empty, a keyword, or start with a digit."""
    return "_".join(words(text))


def pascal(text: str) -> str:
    """`foo-bar` -> `FooBar`; keeps the case inside a word that has one already."""
    parts = _parts(unicodedata.normalize("NFKC", text))
    return "".join(part[0].upper() + part[1:] for part in parts)


def _parts(text: str) -> list[str]:
    """What is left of a text between the characters that no name can have."""
    if text.isascii():
        return _NOT_ALPHANUMERIC.sub(" ", text).split()
    return "".join(c if _is_alphanumeric(c) else " " for c in text).split()


def _is_alphanumeric(character: str) -> bool:
    return character.isalnum() and ("a" + character).isidentifier()


def identifier(name: str, *, lead: str) -> str:
    """The name made fit for Python: never empty, no leading digit, no keyword.

    `lead` goes in front of a name that cannot stand by itself (`field` + `1st`).
    """
    name = unicodedata.normalize("NFKC", name)
    if not name.isidentifier():
        separator = "_" if name and lead.islower() else ""
        name = f"{lead}{separator}{name}"
    if keyword.iskeyword(name) or name in {"self", "cls", "None", "True", "False"}:
        name += "_"
    return name


class Wish(Struct, Generic[Key], frozen=True, kw_only=True):
    """Something that needs a name: the names it could have, the best first."""

    key: Key
    wire: str
    candidates: tuple[str, ...]


class Settled(Struct, Generic[Key], frozen=True, kw_only=True):
    """The names; who could not have its first choice; who could have none."""

    names: dict[Key, str]
    renamed: tuple[Key, ...]
    unsettled: tuple[tuple[Key, ...], ...]


def settle(
    wishes: Iterable[Wish[Key]], *, reserved: Collection[str] = ()
) -> Settled[Key]:
    """Give each wish a name of its own, whatever the order in which they come.

    Where several want one name, the one that is spelled so on the wire keeps it and the
    others move on to their next candidate; if none is, all move on. Who has no
    candidate left is unsettled, together with those it collides with.
    """
    order = list(wishes)
    level = dict.fromkeys((w.key for w in order), 0)
    while True:
        wanted = {w.key: w.candidates[level[w.key]] for w in order}
        losers = _losers(order, wanted, reserved)
        movers = [w for w in losers if level[w.key] + 1 < len(w.candidates)]
        if not movers:
            break
        for wish in movers:
            level[wish.key] += 1
    return Settled(
        names=wanted,
        renamed=tuple(w.key for w in order if level[w.key]),
        unsettled=_groups(order, wanted, {w.key for w in losers}),
    )


def _losers(
    order: Sequence[Wish[Key]], wanted: dict[Key, str], reserved: Collection[str]
) -> list[Wish[Key]]:
    count = Counter(wanted.values())
    exact = Counter(w.wire for w in order if wanted[w.key] == w.wire)
    return [
        w
        for w in order
        if wanted[w.key] in reserved
        or (
            count[wanted[w.key]] > 1
            and not (wanted[w.key] == w.wire and exact[w.wire] == 1)
        )
    ]


def _groups(
    order: Sequence[Wish[Key]], wanted: dict[Key, str], losers: set[Key]
) -> tuple[tuple[Key, ...], ...]:
    groups: dict[str, list[Key]] = {}
    for wish in order:
        groups.setdefault(wanted[wish.key], []).append(wish.key)
    return tuple(
        tuple(keys) for keys in groups.values() if any(key in losers for key in keys)
    )


# --- candidates, by what is named ----------------------------------------------------


def attribute(wire: str, *, lead: str = "field") -> tuple[str, ...]:
    """Candidates for a field, a parameter, a method or a resource."""
    first = identifier(snake(wire), lead=lead)
    full = identifier(snake(spelled(wire)) or "empty", lead=lead)
    last = _of_its_own(first, wire)
    marked = identifier(_verbatim(wire) or "empty", lead=lead)
    return tuple(dict.fromkeys((first, full, f"{full}_", marked, last)))


def class_name(wire: str, *, lead: str = "Model") -> tuple[str, ...]:
    """Candidates for a class."""
    first = identifier(pascal(wire), lead=lead)
    full = identifier(pascal(spelled(wire)), lead=lead)
    last = _of_its_own(first, wire)
    # Where the runtime has the name already, `Model` says more than what was dropped.
    return tuple(dict.fromkeys((first, f"{first}Model", full, last)))


def enum_member(value: str | int) -> tuple[str, ...]:
    """Candidates for the constant of an enum's value."""
    if isinstance(value, int):
        return (f"VALUE_{value}" if value >= 0 else f"VALUE_MINUS_{-value}",)
    if not value:
        return ("EMPTY", "EMPTY_STRING")
    first = snake(value) or snake(spelled(value))
    last = _of_its_own(first, value)
    names = (first, snake(spelled(value)), _verbatim(value), f"{first}_", last)
    return tuple(dict.fromkeys(identifier(n.upper(), lead="VALUE_") for n in names))


def _of_its_own(name: str, wire: str) -> str:
    """The name with a mark that no other wire name has, for when all else is taken."""
    mark = hashlib.sha256(wire.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name.rstrip('_')}_{mark}"


def _verbatim(value: str) -> str:
    """Tells apart values that differ by case alone: capitals are marked."""
    return snake("".join(f" cap {c}" if c.isupper() else spelled(c) for c in value))


def module_names(names: Iterable[str]) -> dict[str, str]:
    """Names for modules that every file system takes, and tells apart.

    They are short and of ASCII alone, with a mark of its own where a name is not.
    """
    devices = {"con", "prn", "aux", "nul"} | {
        f"{device}{n}" for device in ("com", "lpt") for n in range(10)
    }
    made: dict[str, str] = {}
    taken = devices
    for name in sorted(names, key=lambda name: (name != name.casefold(), name)):
        is_fine = name.isascii() and len(name) <= _LONGEST_MODULE
        module = name if is_fine else _in_ascii(name)
        while module.casefold() in taken:
            module += "_"
        taken.add(module.casefold())
        made[name] = module
    return made


def _in_ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = folded.encode("ascii", "ignore").decode().strip("_")
    short = plain[:_LONGEST_MODULE].rstrip("_")
    return _of_its_own(identifier(short, lead="resource"), name)


def builtins_among(names: Iterable[str]) -> tuple[str, ...]:
    """Which of the names hide a builtin that annotations are written with."""
    return tuple(sorted(ANNOTATION_BUILTINS.intersection(names)))


def listing_order(name: str) -> tuple[int, str]:
    """Sorts names as imports have them: constants, then classes, then the others."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name
