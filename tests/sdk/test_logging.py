"""One logger: method, path, status, milliseconds, correlation id, and nothing more."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hubspot_batch
from hubspot_batch import HubSpot, SDKError, UpdateInput
from sdk.samples import UPDATE_PATH, envelope, update
from support.hubspot import TOKEN, Driver
from support.server import Answer, RecordingServer

CORRELATION = {"X-HubSpot-Correlation-Id": "c-1"}


def records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the package logs; httpx2 and asyncio log for themselves."""
    return [
        record for record in caplog.records if record.name.startswith("hubspot_batch")
    ]


@pytest.mark.parametrize(
    ("answer", "outcome", "correlation"),
    [
        (Answer(body=envelope(), headers=CORRELATION), "200", "c-1"),
        (Answer(status=207, body=envelope()), "207", "-"),
        (
            Answer(status=400, body={"message": "secret"}, headers=CORRELATION),
            "400",
            "c-1",
        ),
        (Answer(status=302, headers={"Location": "https://example.com"}), "302", "-"),
        (Answer(body=b"?", headers=CORRELATION), "200", "c-1"),
        (Answer(sent=-1), "ConnectionFailedError", "-"),
        (Answer(delay=30), "RequestTimeoutError", "-"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_is_one_record(
    answer: Answer,
    outcome: str,
    correlation: str,
    server: RecordingServer,
    driver: Driver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.tell(answer)
    try:
        driver.call(update, base_url=server.url, timeout=0.2 if answer.delay else 20)
    except SDKError:
        pass

    [record] = records(caplog)
    assert record.name == "hubspot_batch"
    assert record.levelno == logging.INFO
    assert re.fullmatch(
        rf"POST {re.escape(UPDATE_PATH)}: {outcome} (in|after) \d+ ms,"
        rf" correlation id {correlation}",
        record.getMessage(),
    )
    assert record.exc_info is None


def test_no_body_and_no_query_is_logged(
    server: RecordingServer, driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.tell(Answer(body=envelope(url="https://confidential.example.com")))
    driver.call(
        lambda hubspot: hubspot.deals.post_batch_update(
            [UpdateInput(id="confidential", properties={"confidential": "x"})]
        ),
        base_url=server.url,
    )
    driver.call(
        lambda hubspot: hubspot.deals.post_batch_read(["confidential"], archived=True),
        base_url=server.url,
    )
    written, read = records(caplog)
    for record in (written, read):
        assert "confidential" not in f"{record.getMessage()}{vars(record)!r}"
        assert TOKEN not in f"{record.getMessage()}{vars(record)!r}"
    assert "archived" not in read.getMessage()


def test_what_is_not_sent_is_not_logged(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SDKError):
        driver.call(lambda hubspot: hubspot.deals.post_batch_read([7]))  # type: ignore[list-item]
    assert records(caplog) == []


def test_nothing_is_printed_where_nobody_set_logging_up(
    server: RecordingServer,
) -> None:
    server.tell(Answer(status=500, body={"message": "m"}))
    script = f"""
import hubspot_batch
with hubspot_batch.HubSpot("{TOKEN}", base_url="{server.url}") as hubspot:
    try:
        hubspot.deals.post_batch_archive(["1"])
    except hubspot_batch.ServerError:
        pass
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(Path(hubspot_batch.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout, run.stderr) == ("", "")
    assert len(server.received) == 1


def test_the_logger_leaves_the_rest_alone() -> None:
    HubSpot(TOKEN).close()
    logger = logging.getLogger("hubspot_batch")
    assert logger.propagate
    assert logger.level == logging.NOTSET
    assert [type(handler) for handler in logger.handlers] == [logging.NullHandler]
