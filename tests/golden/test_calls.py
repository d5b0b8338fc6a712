"""Generated packages that make calls over a socket: what arrives is what the spec says."""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import sys
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report
from batchwright.pipeline import generate

HERE = Path(__file__).parent
Package = Callable[[str], Any]


class Server(ThreadingHTTPServer):
    """Answers 204, a few bytes, or what it is told, and keeps what it was asked."""

    daemon_threads = True
    reply: tuple[int, bytes] | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def handle_any(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, content))
        body = b"data: 1\n\n" if "stream" in headers.get("accept", "") else b""
        status = 200 if body else 204
        status, body = self.server.reply or (status, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """Makes and imports the package of a golden case, once."""
    folder = tmp_path_factory.mktemp("called")
    sys.path.insert(0, str(folder))

    @cache
    def imported(case: str) -> Any:
        name = f"called_{case}"
        config = Config(
            spec=HERE / case / "spec.yaml",
            output=folder / name,
            package=name,
            client="Client",
            distribution=case,
        )
        for path, text in generate(config, Report()).items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return importlib.import_module(name)

    yield imported
    sys.path.remove(str(folder))


def test_a_form_arrives(server: Server, package: Package) -> None:
    sdk = package("forms")
    with sdk.Client(base_url=server.base_url) as api:
        api.orders.place_order(
            sdk.PlaceOrderBody(
                product="a/b",
                amounts=[1, 2],
                address=sdk.Address(street="x y"),
                metadata={"k": "v"},
                tags=["a", "b"],
                notes=["n"],
            )
        )
    ((method, path, headers, content),) = server.seen
    assert (method, path) == ("POST", "/orders")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert content.decode() == (
        "product=a/b&amounts=1&amounts=2&address=%7B%22street%22%3A%22x%20y%22%7D"
        "&metadata%5Bk%5D=v&tags=a%7Cb&notes=%5B%22n%22%5D"
    )


def test_files_arrive(server: Server, package: Package) -> None:
    sdk = package("files")
    with sdk.Client(base_url=server.base_url) as api:
        api.pictures.add_picture(
            sdk.AddPictureBody(
                about=sdk.About(title="t"),
                picture=sdk.NamedFile(io.BytesIO(b"png"), "a.png"),
                licence=sdk.NamedFile(b"pdf", "l.pdf", headers={"x-number": "7"}),
            )
        )
        api.pictures.put_picture("a", sdk.NamedFile(b"gif", content_type="image/gif"))
    (_, _, headers, content), (_, path, raw, gif) = server.seen
    boundary = headers["content-type"].partition("boundary=")[2]
    assert content.decode() == (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="about"\r\n'
        "Content-Type: application/json\r\n"
        'X-Lang: en\r\n\r\n{"title":"t"}\r\n'
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="picture"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\npng\r\n"
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="licence"; filename="l.pdf"\r\n'
        "Content-Type: application/pdf\r\n"
        "X-Kind: a\r\nx-number: 7\r\n\r\npdf\r\n"
        f"--{boundary}--\r\n"
    )
    assert (path, raw["content-type"], gif) == ("/pictures/a", "image/gif", b"gif")


def test_what_is_given_says_which_json_is_sent(package: Package) -> None:
    sdk = package("several-media-types")
    seen: list[tuple[str, bytes]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.headers["content-type"], request.read()))
        assert request.headers["accept"] == "text/json"
        return httpx2.Response(200, json={"text": "t"})

    transport = httpx2.MockTransport(answer)
    with sdk.Client(base_url="http://api", transport=transport) as api:
        for body in (
            [{"op": "add"}],
            [sdk.Step(op="add")],
            {"text": "m"},
            sdk.Message(text="m"),
        ):
            assert api.messages.change(body) == sdk.Message(text="t")
    patch = "application/json-patch+json", b'[{"op":"add"}]'
    merge = "application/merge-patch+json", b'{"text":"m"}'
    assert seen == [patch, patch, merge, merge]


def test_constants_are_sent_without_being_given(package: Package) -> None:
    sdk = package("constants")
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(500)

    transport = httpx2.MockTransport(answer)
    with sdk.Client(base_url="http://api", transport=transport) as api:
        for given in ({}, {"kind": "of tomorrow"}):
            with pytest.raises(sdk.ServerError):
                api.things.get("7", **given)
    paths = [request.url.raw_path.decode() for request in asked]
    assert paths == [
        "/things?id=7&Action=GetThing&kind=thing",
        "/things?id=7&Action=GetThing&kind=of%20tomorrow",
    ]
    assert {request.headers["version"] for request in asked} == {"2"}
    wrapped = sdk.Wrapped(maybe=sdk.WrappedMaybe.ONCE)
    assert msgspec.json.encode(wrapped) == (
        b'{"kind":"thing","status":200,"maybe":"once"}'
    )


def test_an_async_source_is_read_while_it_is_sent(package: Package) -> None:
    sdk = package("files")
    seen: list[tuple[str, str, bytes]] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        framing = request.headers["transfer-encoding"]
        seen.append((request.headers["content-type"], framing, await request.aread()))
        return httpx2.Response(204)

    async def source() -> AsyncIterator[bytes]:
        yield b"GIF"
        yield b"89a"

    def upload() -> Any:
        return sdk.NamedFile(source(), "a.gif", "image/gif")

    async def called() -> None:
        where = {"base_url": "http://api", "transport": httpx2.MockTransport(answer)}
        async with sdk.AsyncClient(**where) as api:
            await api.pictures.put_picture("a", upload())
            await api.pictures.add_picture(
                {"about": {"title": "t"}, "picture": upload()}
            )

    asyncio.run(called())
    (kind, framing, content), (_, _, parts) = seen
    assert (kind, framing, content) == ("image/gif", "chunked", b"GIF89a")
    assert b"Content-Type: image/gif\r\n\r\nGIF89a\r\n" in parts
    transport = httpx2.MockTransport(lambda _: httpx2.Response(204))
    with (
        sdk.Client(base_url="http://api", transport=transport) as api,
        pytest.raises(RuntimeError, match="async request with a sync Client"),
    ):
        api.pictures.put_picture("a", upload())


def test_events_come_in_pieces(server: Server, package: Package) -> None:
    sdk = package("streams")
    with sdk.Client(base_url=server.base_url) as api:
        heads: list[Any] = []
        with (
            pytest.warns(DeprecationWarning, match="GET /events is deprecated"),
            api.jobs.listen_for_events(on_answer=heads.append) as events,
        ):
            assert [head.status for head in heads] == [200]
            assert events.read() == b"data: 1\n\n"
        with api.jobs.run_job_stream({"command": "x"}) as events:
            assert b"".join(events) == b"data: 1\n\n"
    assert [seen[2]["accept"] for seen in server.seen] == ["text/event-stream"] * 2
    assert server.seen[1][3] == b'{"command":"x"}'


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, {"title": "no"}, "Problem"),
        (409, {"running": "7"}, "StartJob409Error"),
        (418, {"errors": ["tea"]}, "RefusedErrorObject"),
        (503, {"title": "later", "more": 1}, "Problem"),
        (404, {"unlike": "both"}, "dict"),
        (503, ["busy"], "list"),
        (503, None, "NoneType"),
    ],
)
@pytest.mark.parametrize("client", ["Client", "AsyncClient"])
def test_errors_have_the_documented_body(
    server: Server,
    package: Package,
    client: str,
    status: int,
    body: object,
    expected: str,
) -> None:
    sdk = package("responses")
    server.reply = status, json.dumps(body).encode()
    with pytest.raises(sdk.StatusError) as caught:
        call(getattr(sdk, client), server, lambda api: api.jobs.start_job())
    found = caught.value.body
    assert type(found).__name__ == expected
    for name, value in body.items() if isinstance(body, dict) else ():
        if name != "more":
            assert (
                found[name] if expected == "dict" else getattr(found, name)
            ) == value


@pytest.mark.parametrize("client", ["Client", "AsyncClient"])
def test_headers_of_answers_are_told(
    server: Server, package: Package, client: str
) -> None:
    sdk = package("responses")
    heads: list[Any] = []
    made = getattr(sdk, client)
    server.reply = 202, b'{"position": 3}'
    ticket = call(made, server, lambda api: api.jobs.start_job(on_answer=heads.append))
    assert ticket == sdk.Ticket(position=3)
    server.reply = 404, b"{}"
    with pytest.raises(sdk.NotFoundError):
        call(made, server, lambda api: api.jobs.start_job(on_answer=heads.append))
    assert [head.status for head in heads] == [202, 404]
    assert [head.headers["content-length"] for head in heads] == ["15", "2"]
    assert isinstance(heads[0], sdk.AnswerHead)


def test_variables_of_servers_are_arguments(package: Package) -> None:
    sdk = package("other-servers")
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(204)

    upload = "https://{region}.upload.example.com/v1"
    test = "https://eu.test.example.com:{port}/v1"
    for given in (
        {},
        {"region": "us", "host": "own"},
        {"base_url": test, "port": 8443},
        {"region": "us", "server_urls": {upload: "https://proxy.example.com"}},
    ):
        with sdk.Client(**given, transport=httpx2.MockTransport(answer)) as api:
            api.files.new()
            api.files.upload()
            api.files.shared()
    with sdk.Client(era="v1", transport=httpx2.MockTransport(answer)) as api:
        api.files.old()
    assert [url.removeprefix("https://") for url in asked] == [
        "api.example.com/v1/files/new",
        "api.upload.example.com/v1/files",
        "shared.example.com/files/shared",
        "us.example.com/v1/files/new",
        "us.upload.example.com/v1/files",
        "own.example.com/files/shared",
        "eu.test.example.com:8443/v1/files/new",
        "api.upload.example.com/v1/files",
        "shared.example.com/files/shared",
        "us.example.com/v1/files/new",
        "proxy.example.com/files",
        "shared.example.com/files/shared",
        "api.example.com/v1/files/old",
    ]


def call(client: Any, server: Server, do: Callable[[Any], Any]) -> Any:
    """What a call comes to, in the sync client or the async one."""
    if not hasattr(client, "__aenter__"):
        with client(base_url=server.base_url) as api:
            return do(api)

    async def called() -> Any:
        async with client(base_url=server.base_url) as api:
            return await do(api)

    return asyncio.run(called())


BASIC = "Basic " + b64encode(b"me:pass").decode()


@pytest.mark.parametrize(
    ("given", "call", "path", "header"),
    [
        ({"bearer": "b"}, "list_things", "/things", ("authorization", "Bearer b")),
        ({"oauth": "o"}, "list_things", "/things", ("authorization", "Bearer o")),
        ({"bearer": "b"}, "create_thing", "/things", ("authorization", None)),
        (
            {"digest": "Digest x"},
            "sign_things",
            "/things",
            ("authorization", "Digest x"),
        ),
        ({"header_key": "k"}, "sign_things", "/things", ("x-key", "k")),
        ({"password": ("me", "pass")}, "pay", "/pay", ("authorization", BASIC)),
        ({"query_key": "q k"}, "pay", "/pay?key=q%20k", ("authorization", None)),
        ({"cookie_key": "c"}, "pay", "/pay", ("cookie", "sid=c")),
        ({"identity": "i"}, "pay", "/pay", ("authorization", "Bearer i")),
        ({}, "pay", "/pay", ("authorization", None)),
        (
            {"password": ("me", "pass"), "header_key": "k", "query_key": "q"},
            "pay_twice",
            "/pay",
            ("authorization", BASIC),
        ),
        (
            {"password": ("me", ""), "header_key": "k"},
            "pay_twice",
            "/pay",
            ("x-key", "k"),
        ),
        (
            {"header_key": "k", "query_key": "q", "cookie_key": "c"},
            "pay_twice",
            "/pay?key=q",
            ("cookie", "sid=c"),
        ),
    ],
)
def test_credentials_go_where_the_spec_says(
    server: Server,
    package: Package,
    given: dict[str, Any],
    call: str,
    path: str,
    header: tuple[str, str | None],
) -> None:
    sdk = package("security")
    with sdk.Client(**given, base_url=server.base_url) as api:
        getattr(api.things, call)()
    ((_, seen_path, headers, _),) = server.seen
    assert seen_path == path
    assert headers.get(header[0]) == header[1]


def test_what_must_be_given_together_is_asked_for(package: Package) -> None:
    sdk = package("security")
    together = (
        "pass header_key= and pass password=; or pass query_key= and pass cookie_key="
    )
    with (
        sdk.Client(header_key="k", query_key="q") as api,
        pytest.raises(sdk.CredentialError, match=together),
    ):
        api.things.pay_twice()
