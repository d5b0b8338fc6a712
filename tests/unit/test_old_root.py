"""What stood at the root of a document of Swagger 2.0, in one of OpenAPI 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchwright.checking.old_root import moved
from batchwright.diagnostics import Report
from batchwright.document import Document
from support.specs import found, resolved


def document(folder: Path, root: str) -> Document:
    """A resolved document with a line at its root, and no operations."""
    text = f'openapi: 3.0.3\ninfo: {{title: T, version: "1"}}\npaths: {{}}\n{root}'
    return resolved(folder, {"o.yaml": text})


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("host: a.example", "https://a.example"),
        ("host: a.example\nbasePath: /v1/", "https://a.example/v1"),
        ("host: a.example:8080\nschemes: [ws, http]", "http://a.example:8080"),
        ("host: a.example\nschemes: [http, https]", "https://a.example"),
        ("basePath: /v1", "/v1"),
        ("host: a.example\nservers: []", "https://a.example"),
    ],
)
def test_the_address_is_that_of_a_server(tmp_path: Path, root: str, url: str) -> None:
    report = Report()
    read = moved(document(tmp_path, root), report)
    assert read.root["servers"].value == [{"url": url}]
    assert {"host", "basePath", "schemes"}.isdisjoint(dict(read.root.items()))
    assert f"a part of the server {url}" in found(report, tmp_path)[0]


def test_servers_win_over_the_old_address(tmp_path: Path) -> None:
    report = Report()
    read = moved(document(tmp_path, "host: a.example\nservers: [{url: /b}]"), report)
    assert read.root["servers"].value == [{"url": "/b"}]
    assert "host" not in read.root


@pytest.mark.parametrize(
    "components",
    ["", "components: {}", "components: {securitySchemes: {b: {type: http}}}"],
)
def test_security_schemes_are_components(tmp_path: Path, components: str) -> None:
    """Those that are there already win; places stay known."""
    old = "securityDefinitions: {a: {type: apiKey}, b: {type: oauth2}}\n"
    read = moved(document(tmp_path, old + components), Report())
    schemes = read.root["components"]["securitySchemes"]
    assert schemes["a"].value == {"type": "apiKey"}
    kind = "http" if "http" in components else "oauth2"
    assert schemes["b"].value == {"type": kind}
    assert str(schemes["a"]["type"].location).endswith("o.yaml:4:27")
