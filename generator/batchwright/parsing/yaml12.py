"""Reads YAML the way OpenAPI means it: the core schema of YAML 1.2.

There, `yes` and `on` are texts, dates are texts, `1e3` is a number and `010` is ten.
Built on the events of PyYAML's parser, without recursion; aliases share one value and
may not multiply the document; no tag constructs an object.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn, TypeAlias

import yaml

from batchwright.parsing.text import DEEPEST_NESTING, Lines, Unreadable
from batchwright.parsing.yaml_scalars import (
    CORE,
    BadScalar,
    Scalar,
    bad_tag,
    plain,
    tagged,
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# For each mapping (by id) the index of the character where each key begins, for each
# list where each element begins.
Marks: TypeAlias = dict[int, dict[str, int] | list[int]]

# What aliases may add to a document: this much, and so many times what is written.
_ALIASED_VALUES = 100_000
_ALIASED_TIMES = 10

_HINTS = (
    ("mapping values are not allowed", "put quotes around a text that contains ': '"),
    ("expected <block end>", "check the indentation, and the quotes before this place"),
    ("undefined alias", "define it with '&' before it is used"),
)


def read_yaml(text: str) -> tuple[object, bool]:
    """The data of a YAML text, and whether a mapping in it has a key twice.

    Raises `Unreadable` with line and column.
    """
    builder = _Builder(text, None)
    builder.run()
    return builder.data, bool(builder.duplicates)


def read_marks(text: str) -> tuple[object, Marks, list[tuple[str, int, int]]]:
    """The data again, the marks of its containers, and the keys that stand twice.

    The latter as (key, index of this one, index of the first one).
    """
    marks: Marks = {}
    builder = _Builder(text, marks)
    builder.run()
    return builder.data, marks, builder.duplicates


class _Frame:
    """A mapping or list whose end has not been read yet."""

    __slots__ = (
        "anchor",
        "height",
        "index",
        "key",
        "key_index",
        "merged",
        "merging",
        "size",
        "value",
    )

    def __init__(self, value: Any, anchor: str | None, index: int) -> None:
        self.value: Any = value
        self.anchor = anchor
        self.index = index
        self.key: str | None = None
        self.key_index = 0
        self.merging = False
        self.merged: list[Any] = []
        self.size = 1
        self.height = 1


class _Anchored(NamedTuple):
    """What an alias repeats: a value with so many containers, nested so deep.

    `key` is its text, where it can be a key.
    """

    value: Any
    size: int = 0
    height: int = 0
    key: str | None = None


class _Builder:
    """Puts events together to plain data."""

    def __init__(self, text: str, marks: Marks | None) -> None:
        self.data: object = None
        self.duplicates: list[tuple[str, int, int]] = []
        self._text = text
        self._marks = marks
        self._stack: list[_Frame] = []
        # None while what it names is open.
        self._anchors: dict[str, _Anchored | None] = {}
        self._written = 0
        self._merged = 0
        self._documents = 0

    def run(self) -> None:
        try:
            for event in yaml.parse(self._text, Loader=_Loader):
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent:
                    self._open({}, event, "map")
                elif kind is yaml.SequenceStartEvent:
                    self._open([], event, "seq")
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close()
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    self._begin_document(event)
        except yaml.MarkedYAMLError as error:
            raise _syntax_error(error, self._text) from None
        except yaml.YAMLError as error:
            # A reader error: a character that YAML does not allow.
            index = getattr(error, "position", 0)
            raise Unreadable(
                "yaml-syntax",
                "a character that YAML does not allow",
                place=Lines(self._text).place(index),
            ) from None

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(
                event.start_mark.index,
                "several-documents",
                "the file holds several YAML documents",
                "keep one document in a file: remove what follows '---'",
            )

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and type(frame.value) is dict:
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchored(text, key=text)
            self._begin_entry(frame, text, event)
            return
        value: Scalar = text
        try:
            if event.tag is not None:
                value = tagged(text, event.tag)
            elif event.implicit[0]:
                value = plain(text)
        except BadScalar as bad:
            index = event.start_mark.index
            self._refuse(index, bad.code, bad.message, bad.hint)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, key=text)
        self._add(value, 0, 0, event.start_mark.index)

    def _begin_entry(self, frame: _Frame, key: str, event: Any) -> None:
        # Keys are taken as they are written: `200:` is "200", `on:` is "on".
        frame.key = key
        frame.merging = key == "<<" and event.implicit[0] and event.tag is None
        frame.key_index = event.start_mark.index

    def _open(self, value: Any, event: Any, expected: str) -> None:
        tag: str | None = event.tag
        if tag is not None and tag not in ("!", CORE + expected):
            bad = bad_tag(tag)
            self._refuse(event.start_mark.index, bad.code, bad.message, bad.hint)
        if len(self._stack) >= DEEPEST_NESTING:
            self._refuse_depth(event)
        index = event.start_mark.index
        if self._stack:
            parent = self._stack[-1]
            if parent.key is None and type(parent.value) is dict:
                self._refuse_key(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if self._marks is not None:
            self._marks[id(value)] = {} if type(value) is dict else []
        self._written += 1
        self._stack.append(_Frame(value, event.anchor, index))

    def _refuse_key(self, event: Any) -> NoReturn:
        self._refuse(
            event.start_mark.index,
            "bad-key",
            "a key must be a text",
            "put quotes around it, if it begins with a bracket or a brace",
        )

    def _refuse_depth(self, event: Any) -> NoReturn:
        raise _too_deep(Lines(self._text).place(event.start_mark.index))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.merged:
            self._merge(frame)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(
                frame.value, size=frame.size, height=frame.height
            )
        self._add(frame.value, frame.size, frame.height, frame.index)

    def _alias(self, event: Any) -> None:
        index = event.start_mark.index
        if event.anchor not in self._anchors:
            self._refuse(
                index,
                "yaml-alias",
                f"the alias *{event.anchor} repeats nothing",
                f"define it with &{event.anchor} before it is used",
            )
        known = self._anchors[event.anchor]
        if known is None:
            self._refuse(
                index,
                "yaml-alias",
                f"the alias *{event.anchor} stands inside of what it repeats",
                "use a $ref for a structure that contains itself",
            )
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and type(frame.value) is dict:
            if known.key is None:
                self._refuse_key(event)
            frame.key, frame.key_index = known.key, index
            return
        if len(self._stack) + known.height > DEEPEST_NESTING:
            self._refuse_depth(event)
        self._add(known.value, known.size, known.height, index)

    def _add(self, value: Any, size: int, height: int, index: int) -> None:
        """Put a finished value where it belongs."""
        if not self._stack:
            self.data = value
            return
        frame = self._stack[-1]
        if size:
            self._grow(frame, size, height, index)
        container = frame.value
        if type(container) is list:
            container.append(value)
            if self._marks is not None:
                self._marks[id(container)].append(index)  # type: ignore[union-attr]
            return
        key, frame.key = frame.key, None
        if frame.merging:
            frame.merging = False
            mappings = _mappings(value)
            if mappings is not None:
                frame.merged.extend(mappings)
                return
        if self._marks is not None:
            marks: Any = self._marks[id(container)]
            if key in container:
                self.duplicates.append((str(key), frame.key_index, marks[key]))
            else:
                marks[key] = frame.key_index
        elif key in container:
            self.duplicates.append((str(key), frame.key_index, -1))
        container[key] = value

    def _grow(self, frame: _Frame, size: int, height: int, index: int) -> None:
        """Note what a container or an alias adds to the one around it."""
        frame.size += size
        if height >= frame.height:
            frame.height = height + 1
        if frame.size > _ALIASED_VALUES + _ALIASED_TIMES * self._written:
            self._refuse(
                index,
                "yaml-alias",
                "aliases repeat aliases until the document is far too large",
                "use $ref to components instead",
            )

    def _merge(self, frame: _Frame) -> None:
        """Give a mapping the fields of those it merges; its own win, then the first."""
        mapping = frame.value
        for other in frame.merged:
            self._merged += len(other)
            if self._merged > _ALIASED_VALUES + _ALIASED_TIMES * self._written:
                self._refuse(
                    frame.index,
                    "yaml-alias",
                    "merge keys repeat so many fields that the document is too large",
                    "use allOf and $ref to components instead",
                )
            self._merge_one(mapping, other)

    def _merge_one(self, mapping: Any, other: Any) -> None:
        for key, value in other.items():
            if key not in mapping:
                mapping[key] = value
                if self._marks is not None:
                    marks: Any = self._marks[id(mapping)]
                    source: Any = self._marks[id(other)]
                    marks[key] = source[key]

    def _refuse(self, index: int, code: str, message: str, hint: str) -> NoReturn:
        place = Lines(self._text).place(index)
        raise Unreadable(code, message, place=place, hint=hint)


def _too_deep(place: tuple[int, int] | None) -> Unreadable:
    return Unreadable(
        "too-deep",
        f"values nest deeper than {DEEPEST_NESTING} levels",
        place=place,
        hint="move inner parts to components and refer to them",
    )


def _mappings(value: object) -> list[object] | None:
    """The mappings that `<<` names: one, or a list of them; else None."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and value and all(type(it) is dict for it in value):
        return value
    return None


def _syntax_error(error: yaml.MarkedYAMLError, text: str) -> Unreadable:
    problem = error.problem or error.context or "this is not YAML"
    mark: Any = error.problem_mark or error.context_mark
    lines = Lines(text)
    place = None if mark is None else lines.place(min(mark.index, len(text)))
    if "maximum nesting depth" in problem:
        return _too_deep(place)
    message = problem
    if error.context and error.context is not problem:
        message = f"{problem} ({error.context}"
        if error.context_mark is not None:
            line, _ = lines.place(min(error.context_mark.index, len(text)))
            message += f" that began in line {line}"
        message += ")"
    hint = next((hint for part, hint in _HINTS if part in problem), None)
    if "cannot start any token" in problem and mark is not None:
        first = text[mark.index : mark.index + 1]
        hint = f"put quotes around a text that begins with {first}"
        if first == "\t":
            hint = "indent with spaces: YAML allows no tabs there"
    return Unreadable("yaml-syntax", message, place=place, hint=hint)
