"""Values made from schemas, and the types that are generated for them.

What a schema allows is read here once more and in another way than the generator does,
so that both have to agree.
"""

from __future__ import annotations

import base64
import importlib
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from openapi_schema_validator import OAS30Validator, OAS31Validator

from batchwright.checking.validate import validate
from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.document import Document, Node, local_ref
from batchwright.filtering.selection import leaves_out, select
from batchwright.reading.load import load
from batchwright.rendering.render import render
from batchwright.rendering.templates import read_templates
from batchwright.resolving.resolve import resolve
from batchwright.structure import Kind, walk
from batchwright.translate import translate
from batchwright.translate.exports import reserved_classes
from batchwright.translate.schemas import Schemas
from support.specs import configured

TEMPLATES = Path(__file__).parents[2] / "templates"
_DEEPEST = 5


class Impossible(Exception):
    """No value was found for a schema."""


@dataclass(frozen=True)
class Generated:
    """A spec, and the package of its models."""

    document: Document
    models: ModuleType
    names: Mapping[str, str]
    """The models' names by component."""

    def components(self) -> Iterator[tuple[str, Node, Any]]:
        """Each component schema with its name and the type that was made of it."""
        for wire in self.names:
            node = self.document.root["components"]["schemas"][wire]
            yield wire, node, getattr(self.models, self.names[wire])

    def runtime(self, module: str) -> ModuleType:
        package = self.models.__name__.rpartition(".")[0]
        return importlib.import_module(f"{package}._runtime.{module}")


def generated(spec: Path, folder: Path, package: str) -> Generated:
    """The models of a spec, imported. Operations that cannot be made do not matter.

    What a configuration beside the spec leaves out is left out here, too.
    """
    report = Report()
    config = Config(
        spec=spec,
        output=folder,
        package=package,
        client="Client",
        distribution=package,
        templates=None,
    )
    config = configured(config, report)
    is_out = leaves_out(config)
    document = resolve(load(spec, report, leaves_out=is_out), report, is_out)
    document = validate(select(document, config, report), report)
    api = translate(document, config, report)
    forms = {
        path: text
        for path, text in read_templates(None, report).items()
        if path == "models.py.jinja" or path.startswith("_parts/")
    }
    home = folder / package
    home.mkdir(parents=True)
    (home / "__init__.py").touch()
    for path, text in render(api, forms, report).items():
        (home / path).write_text(text, "utf-8")
    shutil.copytree(TEMPLATES / "_runtime", home / "_runtime")
    reserved = reserved_classes(document) | {"Client", "AsyncClient"}
    names = Schemas(document, Report(), reserved=reserved).declarations.names
    sys.path.insert(0, str(folder))
    try:
        models = importlib.import_module(f"{package}.models")
    finally:
        sys.path.remove(str(folder))
    return Generated(document, models, names)


def examples(document: Document) -> Iterator[tuple[str, Any]]:
    """The examples of component schemas that are valid, with the component.

    Those of bodies and answers are among them, where they are of a component.
    """
    version = document.root.text("openapi") or ""
    data: Any = document.root.value
    kind = OAS30Validator if version.startswith("3.0") else OAS31Validator
    for schema, value in _examples(document):
        target = schema.follow()
        if len(target.pointer) == 3 and target.pointer[:2] == ("components", "schemas"):
            whole = {**data, "$ref": local_ref(target.pointer)}
            check = kind(whole, format_checker=kind.FORMAT_CHECKER)
            if check.is_valid(value):
                yield target.pointer[2], value


def _examples(document: Document) -> Iterator[tuple[Node, Any]]:
    for kind, node in walk(document):
        if kind not in (Kind.SCHEMA, Kind.MEDIA_TYPE):
            continue
        schema = node if kind is Kind.SCHEMA else node.get("schema")
        if schema is None:
            continue
        if "example" in node:
            yield schema, node["example"].value
        several = node.get("examples")
        for each in several.elements() if several else ():
            yield schema, each.value
        for _, entry in several.items() if several else ():
            if "value" in (example := entry.follow()):
                yield schema, example["value"].value


@dataclass
class Values:
    """Makes values that a schema allows, of all kinds that it allows."""

    random: Random

    def of(self, node: Node, depth: int = 0) -> Any:
        """A value. Raises Impossible where the schema allows none, or none was found."""
        return self._of([node], depth)

    def _of(self, nodes: list[Node], depth: int) -> Any:
        if depth > 12:
            raise Impossible
        base = nodes[0].follow() if len(nodes) == 1 else None
        if base is not None and (kinds := _kinds_of_base(base)):
            return self._of_some_kind(base, kinds, depth)
        nodes = _flattened(nodes)
        for node in nodes:
            if node.value is False:
                raise Impossible
        nodes = [node for node in nodes if isinstance(node.value, dict)]
        if self._may_be_null(nodes) and (depth > _DEEPEST or self._chance(0.15)):
            return None
        for node in nodes:
            if "const" in node:
                return node["const"].value
        listed = [node["enum"].value for node in nodes if "enum" in node]
        if listed:
            return self._listed(listed, nodes)
        for node in nodes:
            for keyword in ("oneOf", "anyOf"):
                if keyword in node:
                    return self._option(node, keyword, nodes, depth)
        return self._of_kind(nodes, depth)

    def _of_some_kind(
        self, base: Node, kinds: Mapping[str, Node], depth: int
    ) -> dict[str, Any]:
        """An object that a base allows: of the base itself, or of what adds to it."""
        flat = _flattened([base])
        tag, kind = self.random.choice(list(kinds.items()))
        if self._chance(0.7):
            made: dict[str, Any] = self._object(_flattened([kind]), depth + 1)
            return made | {str(_name_of_tag(flat)): tag}
        made = self._object(flat, depth)
        if made.get(str(_name_of_tag(flat))) in kinds:
            raise Impossible
        return made

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _may_be_null(self, nodes: list[Node]) -> bool:
        kinds = [_kinds(node) for node in nodes if _kinds(node)]
        if any(
            "enum" in n or "const" in n or "oneOf" in n or "anyOf" in n for n in nodes
        ):
            return False
        return bool(kinds) and all("null" in each for each in kinds)

    def _listed(self, listed: list[Any], nodes: list[Node]) -> Any:
        common = [v for v in listed[-1] if all(v in other for other in listed)]
        kinds = set[str]().union(*(_kinds(node) for node in nodes))
        if kinds:
            common = [value for value in common if _kind(value) & (kinds | {"null"})]
        if not common:
            raise Impossible
        value = self.random.choice(common)
        return int(value) if kinds == {"integer"} and value is not None else value

    def _option(self, owner: Node, keyword: str, nodes: list[Node], depth: int) -> Any:
        rest = [_without(node, keyword) if node == owner else node for node in nodes]
        options = list(owner[keyword].elements())
        self.random.shuffle(options)
        for option in options:
            try:
                made = self._of([*rest, option], depth + 1)
            except Impossible:
                continue
            has_tag = "discriminator" in owner
            return _told_apart(made, owner, option) if has_tag else made
        raise Impossible

    def _of_kind(self, nodes: list[Node], depth: int) -> Any:
        kinds = _common(nodes)
        if not kinds:
            named = {"properties", "additionalProperties"}
            is_object = any(each in node for node in nodes for each in named)
            kinds = ["object"] if is_object else kinds
        if not kinds:
            kinds = ["array"] if any("items" in node for node in nodes) else kinds
        # A format without a type is meant for text.
        kinds = kinds or (["string"] if any("format" in n for n in nodes) else kinds)
        kinds = kinds or ["string", "integer", "boolean"]
        kind = self.random.choice(kinds)
        if kind == "object":
            return self._object(nodes, depth)
        if kind == "array":
            return self._array(nodes, depth)
        return self._scalar(kind, nodes)

    def _object(self, nodes: list[Node], depth: int) -> dict[str, Any]:
        properties: dict[str, list[Node]] = {}
        for node in nodes:
            for wire, inner in (
                node["properties"].items() if "properties" in node else ()
            ):
                properties.setdefault(wire, []).append(inner)
        required = {w for n in nodes for w in n.value.get("required", ())}  # type: ignore[attr-defined]
        made: dict[str, Any] = {}
        for wire, several in properties.items():
            wanted = depth < _DEEPEST and self._chance(0.6)
            if wire not in required and not wanted:
                continue
            try:
                made[wire] = self._of(several, depth + 1)
            except Impossible:
                if wire in required:
                    raise
        if depth < _DEEPEST:
            self._further(nodes, properties, made, depth)
        return made

    def _further(
        self,
        nodes: list[Node],
        named: Mapping[str, Any],
        made: dict[str, Any],
        depth: int,
    ) -> None:
        schemas = [
            n["additionalProperties"] for n in nodes if "additionalProperties" in n
        ]
        if not schemas or any(schema.value is False for schema in schemas):
            return
        for number in range(self.random.randint(0, 2)):
            name = self.random.choice(("extra", "x y", "größe", '"', "\\", "0"))
            if name not in named and name not in made:
                made[f"{name}{number}"] = self._of(schemas, depth + 1)

    def _array(self, nodes: list[Node], depth: int) -> list[Any]:
        items = [node["items"] for node in nodes if "items" in node]
        places = next(
            (list(n["prefixItems"].elements()) for n in nodes if "prefixItems" in n), []
        )
        shortest = max([n.value.get("minItems", 0) for n in nodes], default=0)  # type: ignore[attr-defined]
        longest = min([n.value.get("maxItems", 99) for n in nodes], default=99)  # type: ignore[attr-defined]
        length = (
            shortest
            if depth > _DEEPEST
            else self.random.randint(shortest, shortest + 2)
        )
        made = [
            self._of([place], depth + 1)
            for place in (places if shortest else places[:length])
        ]
        if any(item.value is False for item in items) or (places and not items):
            return made
        while len(made) < min(length, longest):
            made.append(self._of(items, depth + 1))
        return made

    def _scalar(self, kind: str, nodes: list[Node]) -> Any:
        choose, number = self.random.choice, self.random.randint
        if kind == "null":
            return None
        if kind == "boolean":
            return choose((True, False))
        if kind == "integer":
            return choose((0, number(-5, 5), 2**53 + 1, -(2**63), 2**70))
        formats = [node.value.get("format") for node in nodes]  # type: ignore[attr-defined]
        name = next((str(f) for f in formats[::-1] if f), "")
        if kind == "number":
            exact = name not in ("float", "double")
            return choose((0, 0.5, -1.25, 1e300, 2**53 + 1 if exact else 7))
        encodings = [node.value.get("contentEncoding") for node in nodes]  # type: ignore[attr-defined]
        return self._text("byte" if "base64" in encodings else name)

    def _text(self, name: str) -> str:
        number = self.random.randint
        match name:
            case "date":
                return f"20{number(10, 30)}-0{number(1, 9)}-1{number(0, 9)}"
            case "date-time":
                offset = self.random.choice(("Z", "+02:00", "-11:30"))
                return f"2026-11-0{number(1, 9)}T1{number(0, 9)}:00:00{offset}"
            case "time":
                return f"1{number(0, 9)}:30:00{self.random.choice(('Z', '+02:00'))}"
            case "duration":
                return self.random.choice(("P1M", "P2DT3600S", "PT36H", "P1Y2M"))
            case "uuid":
                return f"{number(0, 16**8):08x}-0000-4000-8000-{number(0, 16**12):012x}"
            case "byte":
                return base64.b64encode(self.random.randbytes(number(0, 5))).decode()
            case "decimal":
                return f"{number(0, 99)}.{number(0, 99)}0"
            case _:
                texts = ("", "a", "ü€😀", '"\\\n', "2026-01-01", "1", "true", "null")
                return self.random.choice(texts)


def _told_apart(made: Any, owner: Node, option: Node) -> Any:
    """The value of an option, as the discriminator of the choice has it."""
    name = str(owner["discriminator"].text("propertyName"))
    target = option.follow()
    if not isinstance(made, dict) or name not in made or len(target.pointer) != 3:
        return made
    said = [node.value for node in _said_of(_flattened([option]), name)]
    if not any(isinstance(each, dict) and "const" in each for each in said):
        made[name] = _tag(target.pointer[2], name, target, [owner], [])
    return made


def _without(node: Node, *keywords: str) -> Node:
    """The schema without some of its keywords."""
    value = node.value
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key not in keywords}
    return Node(node.document, node.tree, node.pointer, value)


def _name_of_tag(flat: list[Node]) -> str | None:
    """The property by which a base tells apart what is composed of it."""
    for node in reversed(flat):
        if "discriminator" in node and "oneOf" not in node and "anyOf" not in node:
            return node["discriminator"].text("propertyName")
    return None


def _kinds_of_base(base: Node) -> dict[str, Node]:
    """The components that are composed of another one, by what tells them apart."""
    if len(base.pointer) != 3 or base.pointer[0] != "components":
        return {}
    flat = _flattened([base])
    name = _name_of_tag(flat)
    if name is None or any(_kinds(t) - {"string"} for t in _said_of(flat, name)):
        return {}
    found: dict[str, Node] = {}
    for wire, node in base.document.root["components"]["schemas"].items():
        below = _flattened([node])
        added = [each for each in below if each not in flat]
        adds = any("properties" in e or "required" in e for e in added)
        if base in below and (adds or "x-ms-discriminator-value" in node):
            found[_tag(wire, name, node, flat, added)] = node
    return found


def _said_of(nodes: list[Node], name: str) -> list[Node]:
    """What schemas say of a property."""
    found = [n["properties"].get(name) for n in nodes if "properties" in n]
    return _flattened([node for node in found if node is not None])


def _tag(wire: str, name: str, node: Node, base: list[Node], added: list[Node]) -> str:
    """The value that a kind of a base has for the property that tells."""
    schemas = node.document.root["components"]["schemas"]
    for each in base[::-1]:
        mapping = (
            each["discriminator"].get("mapping") if "discriminator" in each else None
        )
        for value, target in mapping.items() if mapping else ():
            if schemas[str(target.value).rpartition("/")[2]].follow() == node:
                return value
    own = node.text("x-ms-discriminator-value")
    if own is not None:
        return own
    said = [n.value for n in _said_of(added, name)]
    fixed = [str(v["const"]) for v in said if isinstance(v, dict) and "const" in v]
    return fixed[-1] if fixed else wire


def _flattened(nodes: list[Node]) -> list[Node]:
    """Each schema with what it refers to and what it is composed of, in front."""
    flat: list[Node] = []
    for node in nodes:
        if "$ref" in node:
            flat += _flattened([node.follow()])
        if "allOf" in node:
            flat += _flattened(list(node["allOf"].elements()))
        flat.append(_without(node, "$ref", "allOf"))
    return flat


def _kinds(node: Node) -> set[str]:
    assert isinstance(node.value, dict)
    kinds = node.value.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | {"null"} if node.value.get("nullable") is True and found else found


def _common(nodes: list[Node]) -> list[str]:
    """The types that all have, without null."""
    kinds: set[str] | None = None
    for node in nodes:
        own = _kinds(node)
        if not own:
            continue
        wide = own | ({"integer"} if "number" in own else set())
        kinds = (
            own
            if kinds is None
            else (kinds | ({"integer"} if "number" in kinds else set())) & wide
        )
    if kinds is not None and not kinds:
        raise Impossible
    if kinds == {"null"}:
        return ["null"]
    return sorted((kinds or set()) - {"null"})


def _kind(value: object) -> set[str]:
    match value:
        case None:
            return {"null"}
        case bool():
            return {"boolean"}
        case int():
            return {"integer", "number"}
        case float():
            return {"number", "integer"} if value.is_integer() else {"number"}
        case str():
            return {"string"}
        case list():
            return {"array"}
        case _:
            return {"object"}
