"""Files to send, and bodies that are bytes as they are."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias

import httpx2

from .bodies import BodyFormat, Content, refusal

__all__ = ["FileContent", "NamedFile", "RawBody"]

_BYTES = (bytes, bytearray, memoryview)
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file to send, with what the server is told about it.

    Attributes:
        content: bytes, a file opened in binary mode, or any iterable of bytes (for
            the async client an async one, too); read while it is sent, so that it
            need not fit into memory.
        filename: its name for the server; that of the opened file if not given.
        content_type: its media type; what the API documents if not given.
        headers: further headers of its part, where it is one of several.
    """

    content: bytes | BinaryIO | Iterable[bytes] | AsyncIterable[bytes] = field(
        repr=False
    )
    filename: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The name for the server, without folders."""
        if self.filename is not None:
            return self.filename
        own = getattr(self.content, "name", None)
        return os.path.basename(own) if isinstance(own, str) else None

    def kind(self, documented: str | None, name: str | None) -> str:
        """The media type, guessed from a name if neither it nor the API says one."""
        kind = self.content_type or documented
        if kind is None or "*" in kind or "," in kind:
            kind = mimetypes.guess_type(name or "")[0] or "application/octet-stream"
        return kind


# What can be given for a file.
FileContent: TypeAlias = bytes | BinaryIO | NamedFile


class RawBody(BodyFormat):
    """A body that is sent as it is: a file, bytes, or text."""

    def takes(self, body: object) -> bool:
        if self._type is str or isinstance(body, str):
            return self._type is type(body)
        return isinstance(body, (*_BYTES, NamedFile)) or hasattr(body, "read")

    def content(self, body: object) -> Content:
        if isinstance(body, str):
            body = body.encode("utf-8")
        elif self._type is str and not isinstance(body, (*_BYTES, NamedFile)):
            raise refusal("body", f"expected str, got {type(body).__name__}")
        file = checked_file(body, "body")
        return sent([file.content], file.kind(self._media_type, file.name))


def checked_file(value: object, place: str) -> NamedFile:
    """
    Raises:
        InvalidInputError: the value is no file; `place` is what the caller calls it.
    """
    file = value if isinstance(value, NamedFile) else NamedFile(value)  # type: ignore[arg-type]
    content: Any = file.content
    if isinstance(content, _BYTES):
        return file
    message = f"expected bytes or a file, got {type(content).__name__}"
    if hasattr(content, "read"):
        if isinstance(content.read(0), bytes):
            return file
        message = "expected a file opened in binary mode"
    elif isinstance(content, str):
        pass
    elif file is value and isinstance(content, (Iterable, AsyncIterable)):
        return file
    raise refusal(place, message)


def sent(pieces: Sequence[Any], media_type: str) -> Content:
    """Pieces in a row as one body: read while it is sent if one of them is a file."""
    kind = ("Content-Type", media_type)
    if all(isinstance(piece, _BYTES) for piece in pieces):
        return Content((kind,), b"".join(pieces))
    sizes = [_size(piece) for piece in pieces]
    known = [size for size in sizes if size is not None]
    if len(known) == len(sizes):
        framing = ("Content-Length", str(sum(known)))
    else:
        framing = ("Transfer-Encoding", "chunked")
    is_async = any(isinstance(piece, AsyncIterable) for piece in pieces)
    upload = AsyncUpload(pieces) if is_async else Upload(pieces)
    return Content((kind, framing), None, upload)


class AsyncUpload(httpx2.AsyncByteStream):
    """A body that is read while it is sent, once, and by the async client alone."""

    def __init__(self, pieces: Sequence[Any]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, AsyncIterable):
                async for chunk in piece:
                    yield chunk
            else:
                for chunk in _chunks(piece):
                    yield chunk


class Upload(AsyncUpload, httpx2.SyncByteStream):
    """A body that either client can send."""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield from _chunks(piece)


def _chunks(piece: Any) -> Iterator[bytes]:
    if isinstance(piece, _BYTES):
        yield bytes(piece)
    elif hasattr(piece, "read"):
        while chunk := piece.read(_CHUNK):
            yield chunk
    else:
        yield from piece


def _size(piece: Any) -> int | None:
    """How many bytes a piece has; None if only reading it would tell."""
    if isinstance(piece, _BYTES):
        return memoryview(piece).nbytes
    try:
        here = piece.tell()
        end: int = piece.seek(0, os.SEEK_END)
        piece.seek(here)
    except (AttributeError, OSError):
        return None
    return end - int(here)
