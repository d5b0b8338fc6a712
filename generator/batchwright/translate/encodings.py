"""What a spec says of single properties of forms: style, media type, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from batchwright import ir
from batchwright.diagnostics import Report
from batchwright.document import Node
from batchwright.translate.media import is_multipart
from batchwright.translate.reading import said

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def encodings_of(
    media_type: str, media: Node, report: Report, kinds: Mapping[str, str]
) -> tuple[ir.Encoding, ...]:
    """How properties are written, where that is not how all are.

    `kinds` are the media types of properties as their schemas say.
    """
    listed = media.get("encoding")
    has_parts = is_multipart(media_type)
    found = {
        name: _encoding(name, node, has_parts, report)
        for name, node in (listed.items() if listed else ())
    }
    for name, kind in kinds.items():
        own = found.get(name, ir.Encoding(wire_name=name))
        found[name] = replace(own, content_type=own.content_type or kind)
    return tuple(e for name, e in found.items() if e != ir.Encoding(wire_name=name))


def _encoding(name: str, node: Node, is_part: bool, report: Report) -> ir.Encoding:
    keywords = said(node)
    return ir.Encoding(
        wire_name=name,
        content_type=keywords.get("contentType"),
        style=keywords.get("style"),
        explode=keywords.get("explode"),
        allow_reserved=keywords.get("allowReserved") is True,
        headers=tuple(_headers(name, node, report)) if is_part else (),
    )


def _headers(part: str, node: Node, report: Report) -> Iterator[tuple[str, str]]:
    """The headers of a part that have one value; what others have is not known."""
    headers = node.get("headers")
    for name, entry in headers.items() if headers else ():
        if name.lower() == "content-type":
            continue
        schema = entry.follow().get("schema")
        value = _only_value(schema.follow()) if schema else None
        if value is not None and _HEADER_NAME.fullmatch(name):
            yield name, value
            continue
        report.warning(
            "part-headers",
            f"the header `{name}` that the part `{part}` is to have is no argument",
            entry,
            hint="a header with a `const` or a `default` is sent; those of a file can"
            " be given in the `headers` of a NamedFile",
        )


def _only_value(schema: Node) -> str | None:
    """The value of a header that has one, or one by default."""
    keywords = said(schema)
    values = keywords.get("enum")
    several = [keywords.get("const"), keywords.get("default")]
    if isinstance(values, list) and len(values) == 1:
        several += values
    for value in several:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int) and _HEADER_VALUE.fullmatch(str(value)):
            return str(value)
    return None
