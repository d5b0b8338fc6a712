"""Bodies that are not JSON: what each format writes, and what it refuses."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx2
import pytest
from _runtime import (
    UNSET,
    BodyChoice,
    Encoding,
    FileContent,
    FormBody,
    InvalidInputError,
    JsonBody,
    Model,
    MultipartBody,
    NamedFile,
    Operation,
    RawBody,
    UnsetType,
    field,
)
from _runtime.bodies import Content
from runtime_server import answer, serving
from sample_api import Driver

FORM = "application/x-www-form-urlencoded"


class Address(Model, kw_only=True):
    street: str
    zip_code: str | None | UnsetType = field(name="zipCode", default=UNSET)


class Order(Model, kw_only=True):
    product: str | UnsetType = UNSET
    amount: int | UnsetType = UNSET
    price: float | UnsetType = UNSET
    gift: bool | UnsetType = UNSET
    address: Address | None | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    lines: list[Address] | UnsetType = UNSET


class Picture(Model, kw_only=True):
    about: Address
    picture: FileContent
    others: list[FileContent] | UnsetType = UNSET
    thumbnail: FileContent | None | UnsetType = UNSET
    licence: str | UnsetType = UNSET


class Text(Model, kw_only=True):
    text: str


def form(body: object, *encodings: Encoding) -> str:
    content = FormBody(Order, FORM, encodings).content(body)
    assert content.headers == (("Content-Type", FORM),)
    assert content.content is not None
    return content.content.decode("ascii")


ADDRESS = Address(street="A & B")
ADDRESS_JSON = "%7B%22street%22%3A%22A%20%26%20B%22%7D"


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        # OpenAPI 3.0.4 and 3.1.1, "Encoding Object": without a style, plain values
        # are text, objects JSON, and a list is a pair for each item.
        ({}, None, ""),
        ({"product": "Ä=b&c"}, None, "product=%C3%84%3Db%26c"),
        (
            {"amount": 3, "price": 2.5, "gift": True},
            None,
            "amount=3&price=2.5&gift=true",
        ),
        ({"address": ADDRESS}, None, f"address={ADDRESS_JSON}"),
        ({"tags": ["a", "b c"]}, None, "tags=a&tags=b%20c"),
        ({"tags": []}, None, ""),
        ({"lines": [ADDRESS]}, None, f"lines={ADDRESS_JSON}"),
        ({"address": None}, None, ""),
        # With one, it is written as a query parameter of the style.
        ({"address": ADDRESS}, Encoding("address", style="form"), "street=A%20%26%20B"),
        (
            {"address": ADDRESS},
            Encoding("address", explode=False),
            "address=street,A%20%26%20B",
        ),
        (
            {"address": ADDRESS},
            Encoding("address", style="deepObject", explode=True),
            "address%5Bstreet%5D=A%20%26%20B",
        ),
        ({"tags": ["a", "b"]}, Encoding("tags", explode=False), "tags=a,b"),
        ({"tags": ["a", "b"]}, Encoding("tags", style="spaceDelimited"), "tags=a%20b"),
        ({"tags": ["a", "b"]}, Encoding("tags", style="pipeDelimited"), "tags=a%7Cb"),
        ({"product": "a/b"}, Encoding("product", allow_reserved=True), "product=a/b"),
        # A media type says how the value is written.
        (
            {"tags": ["a"]},
            Encoding("tags", content_type="application/json"),
            "tags=%5B%22a%22%5D",
        ),
    ],
)
def test_forms_are_written_as_openapi_says(
    body: dict[str, Any], encoding: Encoding | None, expected: str
) -> None:
    encodings = [encoding] if encoding else []
    assert form(body, *encodings) == expected
    assert form(Order(**body), *encodings) == expected


def test_forms_use_the_names_of_the_api() -> None:
    lines = [Address(street="x", zip_code="1")]
    assert form(Order(lines=lines)) == form(
        {"lines": [{"street": "x", "zipCode": "1"}]}
    )


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ({"amount": "three"}, "body.amount", "int"),
        ({"colour": "red"}, "body.colour", "unknown field"),
        (Order(amount="three"), "body.amount", "int"),  # type: ignore[arg-type]
        ([1], "body", "Order"),
    ],
)
def test_a_wrong_form_is_refused(body: object, place: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        form(body)
    (finding,) = caught.value.findings
    assert finding.field == place
    assert message in finding.message


# --- several parts -------------------------------------------------------------------


def whole(content: Content) -> bytes:
    if content.content is not None:
        return content.content
    assert isinstance(content.stream, httpx2.SyncByteStream)
    return b"".join(content.stream)


def parts(content: Content) -> list[Any]:
    """The parts as Python's own parser of messages sees them."""
    (_, kind), *_ = content.headers
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parsed = message_from_bytes(head + whole(content))
    assert parsed.get_content_type() == "multipart/form-data"
    listed = parsed.get_payload()
    assert isinstance(listed, list)
    return listed


def multipart(body: object, *encodings: Encoding) -> list[tuple[Any, ...]]:
    content = MultipartBody(Picture, "multipart/form-data", encodings).content(body)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part["Content-Type"],
            part.get_payload(decode=True),
        )
        for part in parts(content)
    ]


def test_parts_come_in_the_order_of_the_properties() -> None:
    body = Picture(
        picture=b"\x89PNG",
        about=ADDRESS,
        others=[b"1", NamedFile(b"2", "two.txt")],
        licence="free",
    )
    expected = [
        ("about", None, "application/json", b'{"street":"A & B"}'),
        ("picture", "picture", "application/octet-stream", b"\x89PNG"),
        ("others", "others", "application/octet-stream", b"1"),
        ("others", "two.txt", "text/plain", b"2"),
        ("licence", None, None, b"free"),
    ]
    assert multipart(body) == expected
    mapping = {name: getattr(body, name) for name in ("picture", "about", "licence")}
    assert multipart({**mapping, "others": body.others}) == expected


def test_what_the_file_says_comes_before_what_the_api_says() -> None:
    documented = Encoding("picture", content_type="image/png")
    choice = Encoding("picture", content_type="image/png, image/jpeg")
    named = NamedFile(b"x", "a.gif", content_type="image/webp")

    def kind(file: FileContent, encoding: Encoding) -> Any:
        return multipart({"about": ADDRESS, "picture": file}, encoding)[1][2]

    assert kind(named, documented) == "image/webp"
    assert kind(b"x", documented) == "image/png"
    assert kind(NamedFile(b"x", "a.jpeg"), choice) == "image/jpeg"
    assert kind(b"x", choice) == "application/octet-stream"


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("text/csv, text/plain", "text/csv"),
        ("application/vnd.a+json, application/xml", "application/vnd.a+json"),
        ("text/*", "application/json"),
    ],
)
def test_of_several_media_types_a_part_has_the_first(
    documented: str, sent: str
) -> None:
    about = Encoding("about", content_type=documented)
    body = {"about": ADDRESS, "picture": b"x"}
    assert multipart(body, about)[0][2] == sent


def test_a_file_has_its_own_name_and_headers(tmp_path: Path) -> None:
    path = tmp_path / "snow.png"
    path.write_bytes(b"white")
    with path.open("rb") as opened:
        named = multipart({"about": ADDRESS, "picture": opened})[1]
    assert named == ("picture", "snow.png", "image/png", b"white")

    odd = NamedFile(b"", 'a"\r\nb.txt', headers={"X-Part": "1"})
    content = MultipartBody(Picture, "multipart/form-data").content(
        Picture(about=ADDRESS, picture=odd)
    )
    assert b'filename="a%22%0D%0Ab.txt"\r\n' in whole(content)
    assert parts(content)[1]["X-Part"] == "1"


def test_parts_can_have_a_style() -> None:
    deep = Encoding("about", style="deepObject", explode=True)
    assert multipart({"about": ADDRESS, "picture": b""}, deep)[0] == (
        "about[street]",
        None,
        None,
        b"A & B",
    )


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        ({"picture": "path.png"}, "body.picture", "expected bytes or a file, got str"),
        ({"picture": UNSET}, "body.picture", "is required"),
        ({"picture": None}, "body.picture", "expected bytes or a file"),
        ({"picture": io.StringIO("x")}, "body.picture", "opened in binary mode"),
        ({"others": b"x"}, "body.others", "expected a list of files, got bytes"),
        ({"others": [b"x", 1]}, "body.others[1]", "got int"),
        ({"about": {}}, "body.about.street", "is required"),
        ({"photo": b""}, "body.photo", "unknown field"),
    ],
)
def test_a_wrong_part_is_refused(
    change: dict[str, Any], place: str, message: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        multipart({"about": ADDRESS, "picture": b"x", **change})
    (finding,) = caught.value.findings
    assert finding.field == place
    assert message in finding.message


# --- files as the whole body, and several media types --------------------------------


@pytest.mark.parametrize(
    ("media_type", "body", "kind", "content"),
    [
        ("image/png", b"x", "image/png", b"x"),
        ("image/png", bytearray(b"x"), "image/png", b"x"),
        ("text/plain", "Ä", "text/plain", "Ä".encode()),
        ("image/*", NamedFile(b"x", content_type="image/gif"), "image/gif", b"x"),
        ("*/*", b"x", "application/octet-stream", b"x"),
        ("*/*", NamedFile(b"x", filename="a.gif"), "image/gif", b"x"),
        ("image/png", io.BytesIO(b"abc"), "image/png", b"abc"),
        ("image/png", NamedFile(iter([b"a", b"b"])), "image/png", b"ab"),
    ],
)
def test_a_body_can_be_a_file(
    media_type: str, body: Any, kind: str, content: bytes
) -> None:
    made = RawBody(FileContent, media_type).content(body)
    assert made.headers[0] == ("Content-Type", kind)
    assert whole(made) == content


@pytest.mark.parametrize("body", [1, None, {"a": 1}, [b"x"], io.StringIO("x")])
def test_a_body_that_is_no_file_is_refused(body: Any) -> None:
    with pytest.raises(InvalidInputError, match="expected"):
        RawBody(FileContent, "image/png").content(body)


def test_what_is_given_says_which_media_type_is_meant() -> None:
    choice = BodyChoice(
        JsonBody(Text, "application/json"),
        MultipartBody(Picture, "multipart/form-data"),
        RawBody(str, "text/csv"),
        RawBody(FileContent, "application/xml"),
    )

    def kind(body: object) -> str:
        return choice.content(body).headers[0][1].partition(";")[0]

    assert kind(Text(text="x")) == kind({"text": "x"}) == "application/json"
    assert kind(Picture(about=ADDRESS, picture=b"")) == "multipart/form-data"
    assert kind("a,b") == "text/csv"
    assert kind(b"<a/>") == kind(io.BytesIO(b"<a/>")) == "application/xml"
    with pytest.raises(InvalidInputError, match=r"body\.wrong: unknown field"):
        kind({"text": "x", "wrong": 1})


# --- over a socket -------------------------------------------------------------------

UPLOAD: Operation[None] = Operation(
    method="POST",
    path="/upload",
    body=MultipartBody(Picture, "multipart/form-data"),
    responses={204: None},
)
PUT: Operation[None] = Operation(
    method="PUT",
    path="/file",
    body=RawBody(FileContent, "image/png"),
    responses={204: None},
)


def send(driver: Driver, operation: Operation[None], body: object) -> bytes:
    with serving(lambda c: c.sendall(answer(204, b""))) as server:
        driver.call(
            lambda shop: shop.pets._send(operation, body=body),
            base_url=server.base_url,
        )
    (request,) = server.requests
    return request


def test_a_file_is_read_while_it_is_sent(driver: Driver) -> None:
    with tempfile.TemporaryFile() as opened:
        opened.write(b"-" * 200_000)
        opened.seek(1000)
        request = send(driver, PUT, opened)
    head, _, content = request.partition(b"\r\n\r\n")
    assert b"Content-Length: 199000" in head
    assert b"Host: 127.0.0.1:" in head
    assert content == b"-" * 199_000


def test_a_file_of_unknown_length_is_sent_in_chunks(driver: Driver) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a" * 10
        yield b"b" * 5

    request = send(driver, PUT, NamedFile(pieces()))
    head, _, content = request.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Length" not in head
    assert content == b"a\r\naaaaaaaaaa\r\n5\r\nbbbbb\r\n0\r\n\r\n"


def test_parts_are_sent_with_their_length(driver: Driver) -> None:
    body = Picture(about=ADDRESS, picture=io.BytesIO(b"x" * 100_000))
    request = send(driver, UPLOAD, body)
    head, _, content = request.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(content)}".encode() in head
    assert b"x" * 100_000 in content


def test_a_file_that_fails_is_no_secret() -> None:
    def broken() -> Iterator[bytes]:
        yield b"a"
        raise OSError("disk full")

    content = RawBody(FileContent, "image/png").content(NamedFile(broken()))
    assert isinstance(content.stream, httpx2.SyncByteStream)
    with pytest.raises(OSError, match="disk full"):
        whole(content)
