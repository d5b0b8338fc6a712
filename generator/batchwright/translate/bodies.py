"""The bodies of requests: what can be given, and in which media types it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.composition import admits_null, meant
from batchwright.translate.encodings import encodings_of
from batchwright.translate.hints import hint_in
from batchwright.translate.media import (
    is_binary,
    is_form,
    is_json,
    is_multipart,
    is_text,
    json_of,
    kind_of,
    only_in_multipart,
)
from batchwright.translate.reading import prose, said
from batchwright.translate.schemas import Schemas
from batchwright.translate.types import union

_Format: TypeAlias = Literal["JsonBody", "FormBody", "MultipartBody", "RawBody"]
_PROSE = frozenset({"description", "example", "examples", "title"})
_STRING = ir.Primitive(name="str")


class Bodies(Struct, frozen=True, kw_only=True):
    """How the bodies of a document become types."""

    schemas: Schemas
    report: Report

    def body_of(self, operation: Node, hint: str) -> ir.Body | None:
        """What the operation's requests carry, or None.

        JSON comes first. Another media type adds what it has a type of its own for.
        """
        entry = operation.get("requestBody")
        if entry is None:
            return None
        node = entry.follow()
        formats: dict[ir.Type, ir.Body] = {}
        named = hint_in(node, "Body", f"{hint}Body")
        for media_type, media in self._distinct(_ranked(node.get("content"))):
            body = self._body(media_type, media, named)
            formats.setdefault(body.type, body)
        if not formats:
            return None
        first, *others = formats.values()
        return replace(
            first,
            required=said(node).get("required") is True,
            takes_mapping=any(each.takes_mapping for each in formats.values()),
            others=tuple(others),
            docs=prose(node),
        )

    def _distinct(
        self, ranked: Iterable[tuple[str, Node]]
    ) -> Iterator[tuple[str, Node]]:
        """The media types but for JSON and forms of what one before them has."""
        before: list[object] = []
        for media_type, media in ranked:
            schema = media.get("schema")
            said_of = _without_prose(schema.value) if schema else None
            is_plain = is_json(media_type) or is_form(media_type)
            if is_multipart(media_type):
                is_plain = not self._files(media)
            if not (is_plain and said_of in before):
                yield media_type, media
            before.append(said_of)

    def _files(self, media: Node) -> dict[Node, ir.Type]:
        """The properties of a multipart body that are files, with their types."""
        schema = media.get("schema")
        if schema is None:
            return {}
        return dict(_files(self.schemas, schema, media.get("encoding")))

    def _kinds_of_files(self, media: Node) -> dict[str, str]:
        """The media types of those properties that are files of one kind."""
        schema, files = media.get("schema"), self._files(media)
        if schema is None:
            return {}
        properties = self.schemas.form_properties(schema)
        named = {w: _kind_of_file(n) for w, n in properties.items() if n in files}
        return {wire: kind for wire, kind in named.items() if kind is not None}

    def _body(self, media_type: str, media: Node, hint: str) -> ir.Body:
        schema = media.get("schema")
        encodings: tuple[ir.Encoding, ...] = ()
        format_: _Format
        if is_json(media_type):
            format_, type_ = "JsonBody", self._type_of(schema, hint)
        elif is_form(media_type):
            format_, type_ = "FormBody", self._type_of(schema, hint)
            encodings = encodings_of(media_type, media, self.report, {})
        elif is_multipart(media_type):
            format_, type_ = "MultipartBody", self._parts_type(media, hint)
            kinds = self._kinds_of_files(media)
            encodings = encodings_of(media_type, media, self.report, kinds)
            nameless = {"itemSchema", "itemEncoding", "prefixEncoding"} & {*said(media)}
            if nameless or isinstance(type_, ir.ListOf | ir.TupleOf):
                # Parts without names are the caller's to write.
                format_, type_, encodings = "RawBody", ir.FILE, ()
        else:
            format_, type_ = "RawBody", _STRING if is_text(media_type) else ir.FILE
        options = type_.options if isinstance(type_, ir.UnionOf) else (type_,)
        is_object = any(self.schemas.struct(option) for option in options)
        return ir.Body(
            type=type_,
            media_type=media_type,
            format=format_,
            required=True,
            takes_mapping=is_object and format_ != "RawBody",
            encodings=encodings,
        )

    def _type_of(self, schema: Node | None, hint: str) -> ir.Type:
        return self.schemas.type_of(schema, hint) if schema else ir.ANY

    def _parts_type(self, media: Node, hint: str) -> ir.Type:
        schema = media.get("schema")
        if schema is None:
            return ir.MapOf(value=ir.ANY)
        # No JSON is ever made of these: their classes may have files for fields.
        own = only_in_multipart(media.document)
        return self.schemas.form_of(schema, hint, self._files(media), own)


def _ranked(content: Node | None) -> list[tuple[str, Node]]:
    """The media types of a body, the one to prefer first."""
    if content is None:
        return []
    first = json_of(content)
    named = dict(content.items())
    # By what it says, since the same may have several names.
    names = {first[1]: first[0]} if first else {}
    for test in (is_json, is_form, is_multipart, lambda _: True):
        for name, media in named.items():
            if test(name):
                names.setdefault(media, name)
    return [(name, media) for media, name in names.items()]


def _without_prose(schema: object) -> object:
    """A schema but for what makes no difference to its type."""
    if isinstance(schema, list):
        return [_without_prose(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: (
            {name: _without_prose(inner) for name, inner in value.items()}
            if key == "properties" and isinstance(value, dict)
            else _without_prose(value)
        )
        for key, value in schema.items()
        if key not in _PROSE
    }


# --- files ---------------------------------------------------------------------------


def _files(
    schemas: Schemas, schema: Node, encoding: Node | None
) -> Iterator[tuple[Node, ir.Type]]:
    """The properties of a multipart body that are files, with their types."""
    for wire, node in schemas.form_properties(schema).items():
        own = encoding.get(wire) if encoding else None
        content_type = own.text("contentType") if own else None
        type_ = _file_type(node, content_type)
        if type_ is not None:
            yield node, type_


def _file_type(node: Node, content_type: str | None) -> ir.Type | None:
    """FILE, or a list of it, or None where the property is no file."""
    target = meant([node], Report()) or node
    type_: ir.Type | None = None
    items = target.get("items")
    if is_binary(target) or _is_bytes_by_encoding(target, content_type):
        type_ = ir.FILE
    elif items is not None and said(target).get("type", "array") == "array":
        item = _file_type(items, content_type)
        type_ = ir.ListOf(item=item) if item is not None else None
    if type_ is not None and admits_null([node]):
        return union([type_, ir.NONE])
    return type_


def _kind_of_file(node: Node) -> str | None:
    """The media type that a schema says; None where files of any kind are meant."""
    target = meant([node], Report()) or node
    kind, items = target.text("contentMediaType"), target.get("items")
    if kind is None and items is not None:
        return _kind_of_file(items)
    return None if kind == "application/octet-stream" else kind


def _is_bytes_by_encoding(schema: Node, content_type: str | None) -> bool:
    """Whether the media type of a part says that its string is none of characters."""
    if content_type is None or said(schema).get("type", "string") != "string":
        return False
    if {"contentEncoding", "format", "enum", "const", "$ref"} & set(said(schema)):
        return False
    kind = kind_of(content_type)
    return not (is_json(kind) or is_text(kind) or kind.endswith("xml"))
