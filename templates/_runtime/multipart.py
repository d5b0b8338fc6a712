"""Bodies in several parts: `multipart/form-data` and its kin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from secrets import token_hex
from typing import Any, get_args
from urllib.parse import unquote

from .bodies import BodyFormat, Content, refusal
from .codec import encode, plain
from .errors import Finding, InvalidInputError
from .files import NamedFile, checked_file, sent
from .forms import Encoding, is_one_of, plain_object
from .inputs import accept
from .models import UNSET
from .parameters import ParameterError, header_text
from .structure import fields_of, is_struct, members_of

__all__ = ["MultipartBody"]

_UNQUOTABLE = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class MultipartBody(BodyFormat):
    """An object whose properties are a part each, a list's items a part each.

    Files are sent with their names, objects as JSON, all else as text. Properties that
    are UNSET or None are left out.
    """

    def __init__(
        self, type_: Any, media_type: str, encodings: Iterable[Encoding] = ()
    ) -> None:
        super().__init__(type_, media_type)
        self._encodings = {encoding.name: encoding for encoding in encodings}

    def takes(self, body: object) -> bool:
        return is_one_of(body, self._type)

    def content(self, body: object) -> Content:
        boundary = token_hex(16)
        pieces: list[Any] = []
        for head, content in self._parts(body):
            pieces += [f"--{boundary}\r\n{head}\r\n".encode(), content, b"\r\n"]
        pieces.append(f"--{boundary}--\r\n".encode())
        return sent(pieces, f"{self._media_type}; boundary={boundary}")

    def _parts(self, body: object) -> Iterator[tuple[str, Any]]:
        for name, value in _values(body, self._type).items():
            encoding = self._encodings.get(name) or Encoding(name)
            if value is None:
                continue
            try:
                yield from _parts(encoding, value)
            except ParameterError as error:
                raise refusal(f"body.{name}", str(error)) from None


def _parts(encoding: Encoding, value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of one property, each its head and its content."""
    # Of several media types the first, as OpenAPI has them in a list.
    first = (encoding.content_type or "").partition(",")[0].strip()
    kind = None if "*" in first else first or None
    if isinstance(value, NamedFile):
        yield _file_head(encoding, value), value.content
    elif encoding.style is not None or encoding.explode is not None:
        for part in encoding.parts(value):
            name, _, text = part.partition("=")
            head = _head(unquote(name), kind, headers=encoding.headers)
            yield head, unquote(text).encode()
    elif encoding.is_json or isinstance(value, Mapping):
        kind = kind or "application/json"
        yield _head(encoding.name, kind, headers=encoding.headers), encode(value)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(encoding, item)
    elif value is not None:
        text = value if isinstance(value, str) else encode(value).decode()
        yield _head(encoding.name, kind, headers=encoding.headers), text.encode()


def _head(
    name: str,
    content_type: str | None,
    more: str = "",
    headers: Iterable[tuple[str, str]] = (),
) -> str:
    quoted = name.translate(_UNQUOTABLE)
    lines = [("Content-Disposition", f'form-data; name="{quoted}"{more}')]
    if content_type:
        lines.append(("Content-Type", content_type))
    return "".join(f"{key}: {value}\r\n" for key, value in (*lines, *headers))


def _file_head(encoding: Encoding, file: NamedFile) -> str:
    filename = file.name or encoding.name
    kind = file.kind(encoding.content_type, filename)
    more = f'; filename="{filename.translate(_UNQUOTABLE)}"'
    given = {header_text(k): header_text(v) for k, v in file.headers.items()}
    own = {key.lower() for key in given}
    documented = [each for each in encoding.headers if each[0].lower() not in own]
    headers = (*documented, *given.items())
    return _head(encoding.name, header_text(kind), more, headers)


def _values(body: object, type_: Any) -> dict[str, Any]:
    """The properties by the API's own names: files, and the rest as JSON has it."""
    members = [m for m in members_of(type_) if is_struct(m)]
    if not any(_has_file(field.type) for m in members for field in fields_of(m)):
        return plain_object(body, type_)
    own = [member for member in members if isinstance(body, member)]
    if not own and not isinstance(body, Mapping):
        raise refusal("body", f"expected a mapping, got {type(body).__name__}")
    failure: InvalidInputError | None = None
    for member in own or members:
        try:
            return _values_of(body, member)
        except InvalidInputError as error:
            if failure is None or len(error.findings) < len(failure.findings):
                failure = error
    assert failure is not None
    raise failure


def _values_of(body: Any, struct: Any) -> dict[str, Any]:
    fields = {field.encode_name: field for field in fields_of(struct)}
    if isinstance(body, Mapping):
        given = dict(body)
    else:
        given = {wire: getattr(body, field.name) for wire, field in fields.items()}
    values: dict[str, Any] = {}
    findings = [
        Finding(index=None, field=f"body.{name}", message="unknown field")
        for name in given
        if name not in fields
    ]
    for wire, field in fields.items():
        value, place = given.get(wire, UNSET), f"body.{wire}"
        try:
            if value is not UNSET:
                values[wire] = _value(value, field.type, place)
            elif field.required:
                raise refusal(place, "is required")
        except InvalidInputError as error:
            findings += error.findings
    if findings:
        raise InvalidInputError(findings=findings)
    return values


def _value(value: Any, type_: Any, place: str) -> Any:
    members = members_of(type_)
    if not _has_file(type_) or (value is None and type(None) in members):
        return plain(accept(value, type_, label=place).value)
    if NamedFile in members:
        return checked_file(value, place)
    if not isinstance(value, (list, tuple)):
        raise refusal(place, f"expected a list of files, got {type(value).__name__}")
    return [checked_file(item, f"{place}[{i}]") for i, item in enumerate(value)]


def _has_file(type_: Any) -> bool:
    members = members_of(type_)
    inner = [argument for member in members for argument in get_args(member)]
    return NamedFile in members or any(NamedFile in members_of(i) for i in inner)
