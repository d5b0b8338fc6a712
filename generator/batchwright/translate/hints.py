"""What a schema that stands in place is called, and what is told of it: its place."""

from __future__ import annotations

from collections.abc import Mapping

from batchwright import naming
from batchwright.document import Node

_SINGULAR = {"responses": "Response", "requestBodies": "Body", "headers": "Header"}
_PARTS = {
    "parameters": "parameter",
    "requestBodies": "body",
    "requestBody": "body",
    "responses": "answer",
}
_ONE_OF_SEVERAL = frozenset({"oneOf", "anyOf", "prefixItems"})
_NAMED = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})


def hint_of(node: Node, names: Mapping[str, str]) -> str:
    """A name for the schema from the way to it: `Pet` + `status` = `PetStatus`.

    `names` are those of the component schemas.
    """
    pointer = node.pointer
    section = pointer[1] if pointer[:1] == ("components",) and len(pointer) > 2 else ""
    if section == "schemas":
        return names[pointer[2]] + _steps(pointer[3:])
    if section:
        name = _named(pointer[2], _SINGULAR.get(section, ""))
        return name + _steps(_within_schema(pointer))
    if pointer[:1] == ("paths",) and len(pointer) > 2:
        place = naming.pascal(pointer[2]) + naming.pascal(pointer[1])
        kind = "Response" if "responses" in pointer else "Body"
        return place + kind + _steps(_within_schema(pointer))
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
    if pointer[:2] == ("components", "schemas"):
        way = _way(pointer[3:])
        told = f"`{pointer[2]}{way}`" if way else None
    else:
        told = _part_of(node)
        way = _way(_within_schema(pointer)).lstrip(".")
        told = f"`{way}` in {told}" if told and way else told
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
        name = node.document.root.nearest(place).text("name")
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


def _within_schema(pointer: tuple[str, ...]) -> tuple[str, ...]:
    return pointer[pointer.index("schema") + 1 :] if "schema" in pointer else ()


def _steps(tokens: tuple[str, ...]) -> str:
    """The part of a name that the way inside of a schema makes."""
    words = ""
    rest = list(tokens)
    while rest:
        keyword = rest.pop(0)
        if keyword in _NAMED and rest:
            words += naming.pascal(rest.pop(0))
        elif keyword in _ONE_OF_SEVERAL and rest:
            number = int(rest.pop(0)) + 1
            words += f"{'Item' if keyword == 'prefixItems' else 'Option'}{number}"
        elif keyword == "items":
            words += "Item"
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            words += "Value"
        elif keyword == "allOf" and rest:
            rest.pop(0)
    return words
