"""Findings: how they read, in which order, and that they drive no terminal."""

from __future__ import annotations

import pickle

import pytest

from batchwright.diagnostics import (
    Diagnostic,
    Location,
    Report,
    Severity,
    SpecError,
    excerpt,
    printable,
)


def at(line: int, column: int = 1, file: str = "o.yaml") -> Location:
    return Location(file=file, line=line, column=column)


def test_a_diagnostic_reads_like_a_compiler_s() -> None:
    finding = Diagnostic(
        severity=Severity.ERROR,
        code="unknown-ref",
        message="it leads nowhere",
        hint="did you mean x?",
        location=at(41, 7, "spec/deals.yaml"),
    )
    assert str(finding) == (
        "spec/deals.yaml:41:7: error[unknown-ref]: it leads nowhere\n"
        "    hint: did you mean x?"
    )
    bare = Diagnostic(severity=Severity.WARNING, code="odd", message="m")
    assert str(bare) == "warning[odd]: m"


def test_a_report_sorts_and_tells_each_finding_once() -> None:
    report = Report()
    for place in (at(2, 9), at(10), at(2, 1), at(1, 1, "a.yaml"), at(2, 9)):
        report.error("e", "m", place)
    report.warning("d", "m", at(2, 9))
    report.warning("z", "nowhere")
    assert [str(found).split(":")[:-1] for found in report.diagnostics] == [
        ["warning[z]"],
        ["a.yaml", "1", "1", " error[e]"],
        ["o.yaml", "2", "1", " error[e]"],
        ["o.yaml", "2", "9", " warning[d]"],
        ["o.yaml", "2", "9", " error[e]"],
        ["o.yaml", "10", "1", " error[e]"],
    ]


def test_places_are_looked_for_only_when_they_are_told() -> None:
    class Place:
        asked = 0

        @property
        def location(self) -> Location:
            self.asked += 1
            return at(1)

    place = Place()
    report = Report()
    report.error("e", "m", place)
    assert report.has_errors
    assert place.asked == 0
    assert report.diagnostics[0].location == at(1)
    assert place.asked == 1


def test_only_errors_stop() -> None:
    report = Report()
    report.warning("w", "m", at(1))
    report.stop_if_errors()
    assert not report.has_errors
    report.error("e", "m", at(1))
    with pytest.raises(SpecError) as caught:
        report.stop_if_errors()
    assert caught.value.diagnostics == report.diagnostics
    assert len(caught.value.diagnostics) == 2
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostics == report.diagnostics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\ud800", "\\ud800"),
        ("é😀\\", "é😀\\"),
    ],
)
def test_nothing_drives_a_terminal(text: str, expected: str) -> None:
    assert printable(text) == expected
    report = Report()
    report.error("e", text, Location(file=text, line=1, column=1), text)
    (found,) = report.diagnostics
    assert str(found) == f"{expected}:1:1: error[e]: {expected}\n    hint: {expected}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", '"a"'),
        ('say "x"\n', '"say \\"x\\"\\n"'),
        ("x" * 100, '"' + "x" * 59 + '…"'),
        (5, "5"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        pytest.param(10**5_000, "a very large number", id="large"),
        ({}, "a mapping of 0 entries"),
        ({"a": 1}, "a mapping of 1 entry"),
        ([1, 2], "a list of 2 items"),
    ],
)
def test_values_are_quoted_short(value: object, expected: str) -> None:
    assert excerpt(value) == expected


def test_a_message_is_no_longer_than_anybody_reads() -> None:
    report = Report()
    report.warning("path-parameter", "the path " + "{a}" * 100_000)
    (found,) = report.diagnostics
    assert len(found.message) == 2_000
    assert found.message.endswith("…")
