"""What a schema that stands in place is called, and what is told of it: its place."""

from __future__ import annotations

from collections.abc import Mapping

from batchwright import naming
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.labels import labels_of, offers_of

_SINGULAR = {"responses": "Response", "requestBodies": "Body", "headers": "Header"}
_WORDS = {
    "items": "Item",
    "additionalProperties": "Value",
    "unevaluatedProperties": "Value",
}
_PARTS = {
    "parameters": "parameter",
    "requestBodies": "body",
    "requestBody": "body",
    "responses": "answer",
}
_NAMED = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
#: What has a name or a number behind it.
_WITH_KEY = _NAMED | {"oneOf", "anyOf", "prefixItems", "allOf"}


def hint_of(node: Node, names: Mapping[str, str]) -> str:
    """A name for the schema from the way to it: `Pet` + `status` = `PetStatus`.

    `names` are those of the component schemas.
    """
    pointer = node.pointer

    def steps(start: int) -> str:
        return _steps(node, start)

    section = pointer[1] if pointer[:1] == ("components",) and len(pointer) > 2 else ""
    if section == "schemas":
        return names[pointer[2]] + steps(3)
    if section:
        name = _named(pointer[2], _SINGULAR.get(section, ""))
        return name + steps(_start_of_schema(pointer))
    if pointer[:1] == ("paths",) and len(pointer) > 2:
        place = naming.pascal(pointer[2]) + naming.pascal(pointer[1])
        kind = "Response" if "responses" in pointer else "Body"
        return place + kind + steps(_start_of_schema(pointer))
    return naming.pascal(node.key)


def hint_in(node: Node, suffix: str, otherwise: str) -> str:
    """What the classes are named after that stand in a part of an operation.

    That is the part itself where several operations share it, so that none of these
    names the classes of the others.
    """
    if node.pointer[:1] == ("components",) and len(node.pointer) > 2:
        return _named(node.pointer[2], suffix)
    return otherwise


def place_of(node: Node) -> str | None:
    """Where a schema stands, for people; None where its name says it.

    `Pet.tags[]`, or `size` in the body of `POST /pets`.
    """
    pointer = node.pointer
    is_option = pointer[-2:-1] in (("oneOf",), ("anyOf",))
    if pointer[:2] == ("components", "schemas"):
        way = _way(pointer[3:])
        told = f"`{pointer[2]}{way}`" if way or is_option else None
    else:
        told = _part_of(node)
        way = _way(pointer[_start_of_schema(pointer) :]).lstrip(".")
        if told and way:
            told = f"an item of {told}" if way == "[]" else f"`{way}` in {told}"
    if told and is_option:
        told = f"an option of {told}"
    # A name may have line breaks.
    return None if told is None else " ".join(told.split())


def _part_of(node: Node) -> str | None:
    """The part of an operation in which a schema stands."""
    pointer = node.pointer
    if pointer[:1] == ("components",) and len(pointer) > 2:
        part = _PARTS.get(pointer[1])
        return f"the {part} `{pointer[2]}`" if part else None
    if pointer[:1] != ("paths",) or len(pointer) < 4:
        return None
    method, *steps = [token for token in pointer[2:] if token != "additionalOperations"]
    operation = f"`{method.upper()} {pointer[1]}`"
    if method == "parameters":
        operation, steps = f"`{pointer[1]}`", [method, *steps]
    if steps[0] == "parameters":
        place = pointer[: pointer.index("parameters") + 2]
        name = node.document.nearest(place).text("name")
        return f"the parameter `{name}` of {operation}"
    part = _PARTS.get(steps[0])
    return f"the {part} of {operation}" if part else None


def _way(tokens: tuple[str, ...]) -> str:
    """The way inside of a schema, as people write it."""
    way = ""
    rest = list(tokens)
    while rest:
        keyword = rest.pop(0)
        if keyword in ("properties", "$defs") and rest:
            way += f".{rest.pop(0)}"
        elif keyword == "prefixItems" and rest:
            way += f"[{rest.pop(0)}]"
        elif keyword in ("items", "unevaluatedItems"):
            way += "[]"
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            way += ".*"
        elif keyword == "patternProperties" and rest:
            rest.pop(0)
            way += ".*"
    return way


def _named(component: str, suffix: str) -> str:
    """After a component: `NotFound` is NotFoundError, and `404` is Error404."""
    name = naming.pascal(component)
    if name[:1].isdigit():
        return suffix + name
    return name if name.endswith(suffix) else name + suffix


def _start_of_schema(pointer: tuple[str, ...]) -> int:
    return pointer.index("schema") + 1 if "schema" in pointer else len(pointer)


def _steps(node: Node, start: int) -> str:
    """The part of a name that the way inside of a schema makes.

    It begins at a token of the node's pointer.
    """
    words = ""
    pointer = node.pointer
    place = start
    while place < len(pointer):
        keyword = pointer[place]
        is_last = place + 1 == len(pointer)
        place += 1
        if is_last or keyword not in _WITH_KEY:
            words += _WORDS.get(keyword, "")
            continue
        if keyword in _NAMED:
            words += naming.pascal(pointer[place])
        elif keyword in ("oneOf", "anyOf"):
            words += _label(node, place, is_taken=start == 3 and not words)
        elif keyword == "prefixItems":
            words += f"Item{int(pointer[place]) + 1}"
        place += 1
    return words


def _label(node: Node, place: int, *, is_taken: bool) -> str:
    """The words for an option of a choice; `place` is that of its number."""
    document = node.document
    listed = document.at(node.pointer[:place]).elements()
    options = [option for option in listed if option.value is not False]
    chosen = document.at(node.pointer[: place + 1])
    offers = offers_of(options, Report())
    return labels_of(offers, is_taken=is_taken).get(chosen, "")
