"""Mistakes in a typed script are found before it runs, by mypy and by pyright.

Each line is written twice: right, and with a mistake. One script has all that are
right and has to pass; the other has the mistakes, and each has to be found. A third
script says which types the results have; the examples of the READMEs are clean, too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

import hubspot_batch
from sdk.readme import examples

GENERATED = Path(hubspot_batch.__file__).parents[1]
# The numbers of the lines at fault, by file name.
Faults: TypeAlias = dict[str, set[int]]
Checker: TypeAlias = Callable[[Path], Faults]

HEAD = """\
import datetime as dt

import hubspot_batch
from hubspot_batch import (
    UNSET, Association, AssociationCategory, AssociationTarget, AssociationType,
    AsyncHubSpot, BatchResponse, BatchResult, BatchStatus, CreateInput, HubSpot, Record, RecordId,
    SDKError, ServerError, UpdateInput, UpsertBatchResponse, UpsertInput,
)


"""
# What the lines can use; "await" stands in lines of the async function.
SYNC = """\
def call(
    hubspot: HubSpot,
    answer: BatchResponse,
    record: Record,
    outcomes: BatchResult[UpdateInput, Record],
) -> None:
"""
ASYNC = """\


async def call_async(hubspot: AsyncHubSpot) -> None:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    about: str
    right: str
    wrong: str


LINES = (
    Line(
        about="field name",
        right='UpdateInput(id="1", properties={}, id_property="email")',
        wrong='UpdateInput(id="1", properties={}, idProperty="email")',
    ),
    Line(
        about="field type",
        right='UpdateInput(id="1", properties={})',
        wrong="UpdateInput(id=1, properties={})",
    ),
    Line(
        about="property value",
        right='CreateInput(properties={"amount": "7"})',
        wrong='CreateInput(properties={"amount": 7})',
    ),
    Line(
        about="null property",
        right='CreateInput(properties={"amount": ""})',
        wrong='CreateInput(properties={"amount": None})',
    ),
    Line(
        about="required field",
        right='UpdateInput(id="1", properties={})',
        wrong='UpdateInput(id="1")',
    ),
    Line(
        about="required list",
        right='Association(to=AssociationTarget(id="1"), types=[])',
        wrong='Association(to=AssociationTarget(id="1"))',
    ),
    Line(
        about="positional field",
        right='RecordId(id="1")',
        wrong='RecordId("1")',
    ),
    Line(
        about="None for what may be left out",
        right='UpdateInput(id="1", properties={}, id_property=UNSET)',
        wrong='UpdateInput(id="1", properties={}, id_property=None)',
    ),
    Line(
        about="enum value",
        right=(
            "AssociationType("
            "association_category=AssociationCategory.WORK, association_type_id=1)"
        ),
        wrong='AssociationType(association_category="WORK", association_type_id=1)',
    ),
    Line(
        about="enum member",
        right="answer.status is BatchStatus.CANCELED",
        wrong="answer.status is BatchStatus.CANCELLED",
    ),
    Line(
        about="number",
        right=(
            "AssociationType("
            "association_category=AssociationCategory.WORK, association_type_id=1)"
        ),
        wrong=(
            "AssociationType("
            'association_category=AssociationCategory.WORK, association_type_id="1")'
        ),
    ),
    Line(
        about="unset point in time",
        right="record.archived_at is UNSET or record.archived_at.year",
        wrong="record.archived_at.year",
    ),
    Line(
        about="unset list",
        right="[] if answer.errors is UNSET else [each for each in answer.errors]",
        wrong="[each for each in answer.errors]",
    ),
    Line(
        about="unset number",
        right="answer.num_errors is not UNSET and answer.num_errors + 1",
        wrong="answer.num_errors + 1",
    ),
    Line(
        about="None is not what unset is",
        right="record.url if record.url is not UNSET else ''",
        wrong="len(record.url if record.url is not None else '')",
    ),
    Line(
        about="null property of a result",
        right='(record.properties["amount"] or "").strip()',
        wrong='record.properties["amount"].strip()',
    ),
    Line(
        about="point in time as text",
        right="record.created_at + dt.timedelta(days=1)",
        wrong="record.created_at.startswith('2026')",
    ),
    Line(
        about="field of a result",
        right="record.created_at",
        wrong="record.createdAt",
    ),
    Line(
        about="field of an upsert's result alone",
        right="[each.new for each in hubspot.deals.post_batch_upsert([]).results]",
        wrong="[each.new for each in hubspot.deals.post_batch_update([]).results]",
    ),
    Line(
        about="inputs of another operation",
        right='hubspot.deals.post_batch_update([UpdateInput(id="1", properties={})])',
        wrong="hubspot.deals.post_batch_update([CreateInput(properties={})])",
    ),
    Line(
        about="input for inputs",
        right='hubspot.deals.post_batch_read([RecordId(id="1")])',
        wrong='hubspot.deals.post_batch_read(RecordId(id="1"))',
    ),
    Line(
        about="number for an id",
        right='hubspot.deals.post_batch_archive(["1"])',
        wrong="hubspot.deals.post_batch_archive([1])",
    ),
    Line(
        about="inputs missing",
        right="hubspot.deals.post_batch_create([])",
        wrong="hubspot.deals.post_batch_create()",
    ),
    Line(
        about="option",
        right='hubspot.deals.post_batch_read([], properties=["amount"])',
        wrong='hubspot.deals.post_batch_read([], property=["amount"])',
    ),
    Line(
        about="option of another operation",
        right="hubspot.deals.post_batch_read([], archived=True)",
        wrong="hubspot.deals.post_batch_update([], archived=True)",
    ),
    Line(
        about="string for a list of names",
        right='hubspot.deals.post_batch_read([], properties=["amount"])',
        wrong='hubspot.deals.post_batch_read([], properties="amount")',
    ),
    Line(
        about="positional option",
        right='hubspot.deals.post_batch_read([], id_property="email")',
        wrong='hubspot.deals.post_batch_read([], "email")',
    ),
    Line(
        about="timeout",
        right="hubspot.deals.post_batch_read([], timeout=1.5)",
        wrong='hubspot.deals.post_batch_read([], timeout="1.5")',
    ),
    Line(
        about="method",
        right="hubspot.deals.post_batch_upsert([])",
        wrong="hubspot.deals.batch_upserts([])",
    ),
    Line(
        about="operation that an object does not have",
        right="hubspot.partner_clients.post_batch_read([])",
        wrong="hubspot.partner_clients.post_batch_create([])",
    ),
    Line(
        about="resource",
        right="hubspot.line_items.post_batch_read([])",
        wrong="hubspot.lineItems.batch_read([])",
    ),
    Line(
        about="object type missing",
        right='hubspot.objects("2-3456").post_batch_read([])',
        wrong="hubspot.objects.post_batch_read([])",
    ),
    Line(
        about="result of an archive",
        right="hubspot.deals.post_batch_archive([])",
        wrong="hubspot.deals.post_batch_archive([]).results",
    ),
    Line(
        about="results of another shape",
        right="upserted: UpsertBatchResponse = hubspot.deals.post_batch_upsert([])",
        wrong="upserted: UpsertBatchResponse = hubspot.deals.post_batch_update([])",
    ),
    Line(
        about="result that may be missing",
        right="[one.result.id for one in outcomes.succeeded if one.result is not None]",
        wrong="[one.result.id for one in outcomes.succeeded]",
    ),
    Line(
        about="error of a success",
        right="[one.error.message for one in outcomes.failed]",
        wrong="[one.error.message for one in outcomes.succeeded]",
    ),
    Line(
        about="outcome of any kind",
        right="[one.input.id for one in outcomes]",
        wrong="[one.result for one in outcomes]",
    ),
    Line(
        about="option of a batch",
        right="hubspot.deals.batch_read([], concurrency=2)",
        wrong="hubspot.deals.batch_read([], concurrent=2)",
    ),
    Line(
        about="inputs of another batch",
        right='hubspot.deals.batch_update([UpdateInput(id="1", properties={})])',
        wrong="hubspot.deals.batch_update([CreateInput(properties={})])",
    ),
    Line(
        about="stream as a result",
        right="[each for each in hubspot.deals.iter_batch_read([])]",
        wrong="hubspot.deals.iter_batch_read([]).outcomes",
    ),
    Line(
        about="token",
        right='HubSpot(token=lambda: "pat")',
        wrong="HubSpot(token=7)",
    ),
    Line(
        about="argument of the client",
        right='HubSpot("pat", base_url="https://example.com")',
        wrong='HubSpot("pat", host="https://example.com")',
    ),
    Line(
        about="name of the package",
        right="hubspot_batch.UpdateInput",
        wrong="hubspot_batch.UpdateInputs",
    ),
    Line(
        about="attribute of an error",
        right='ServerError("m").correlation_id',
        wrong='ServerError("m").correlation',
    ),
    Line(
        about="async client without await",
        right="(await hubspot.deals.post_batch_read([])).results",
        wrong="hubspot.deals.post_batch_read([]).results",
    ),
    Line(
        about="forgotten await",
        right="await hubspot.deals.post_batch_archive([])",
        wrong="hubspot.deals.post_batch_archive([])",
    ),
    Line(
        about="async token for the sync client",
        right="AsyncHubSpot(token=give_token)",
        wrong="HubSpot(token=give_token)",
    ),
    Line(
        about="async client as a sync context manager",
        right="async with AsyncHubSpot() as client: await client.aclose()",
        wrong="with AsyncHubSpot() as client: await client.aclose()",
    ),
)
IS_ASYNC = re.compile(r"\bawait\b|give_token")
# As precise as can be: `assert_type` takes nothing wider, nor Any, for the type.
TYPES = """\
import datetime as dt
from typing import assert_type

from hubspot_batch import (
    BatchError, BatchResult, BatchStatus, Failed, HubSpot, Record, SDKError, Succeeded,
    Unknown, UnsetType, UpdateInput, UpsertedRecord,
)
from hubspot_batch.resources.objects import Objects

with HubSpot() as hubspot:
    answer = hubspot.deals.post_batch_update([UpdateInput(id="512", properties={})])
    upserted = hubspot.contacts.post_batch_upsert([])
    assert_type(hubspot, HubSpot)
    assert_type(hubspot.objects("2-3456"), Objects)
    hubspot.notes.post_batch_archive(["1"])
    result = hubspot.deals.batch_update([UpdateInput(id="512", properties={})])
assert_type(result, BatchResult[UpdateInput, Record])
for outcome in result:
    match outcome:
        case Succeeded(input, done):
            assert_type(done, Record | None)
        case Failed(input, error):
            assert_type(error, SDKError)
        case Unknown(input, cause):
            assert_type(cause, SDKError)
    assert_type(outcome.input, UpdateInput)
assert_type(answer.status, BatchStatus)
assert_type(answer.results, list[Record])
assert_type(answer.errors, list[BatchError] | UnsetType)
assert_type(answer.num_errors, int | UnsetType)
assert_type(answer.results[0].properties, dict[str, str | None])
assert_type(answer.results[0].created_at, dt.datetime)
assert_type(answer.results[0].archived_at, dt.datetime | UnsetType)
assert_type(upserted.results[0], UpsertedRecord)
assert_type(upserted.results[0].new, bool)
"""


def script(side: str) -> tuple[str, dict[str, int]]:
    """A script of all lines of one side, and where each line stands."""
    text = HEAD + "async def give_token() -> str:\n    return ''\n\n\n"
    numbers: dict[str, int] = {}
    for head, is_async in ((SYNC, False), (ASYNC, True)):
        text += head
        for line in LINES:
            if bool(IS_ASYNC.search(line.right)) is is_async:
                numbers[line.about] = text.count("\n") + 1
                text += f"    {getattr(line, side)}\n"
    return text, numbers


def run(*command: str, folder: Path) -> str:
    environment = {**os.environ, "MYPYPATH": str(GENERATED), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**environment, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def write(folder: Path) -> None:
    (folder / "right.py").write_text(script("right")[0])
    (folder / "wrong.py").write_text(script("wrong")[0])
    (folder / "types_of_results.py").write_text(TYPES)
    for number, example in enumerate(examples().values()):
        (folder / f"example_{number}.py").write_text(example)


def mypy(folder: Path) -> Faults:
    """What mypy finds at fault in a folder."""
    faults: Faults = {}
    output = run("mypy", "--strict", "--output=json", ".", folder=folder)
    for each in map(json.loads, output.splitlines()):
        if each["severity"] == "error":
            faults.setdefault(each["file"], set()).add(each["line"])
    return faults


def pyright(folder: Path) -> Faults:
    """What pyright finds at fault in a folder."""
    faults: Faults = {}
    settings = {
        "typeCheckingMode": "standard",
        "extraPaths": [str(GENERATED)],
        # Lines that say something and do nothing are what the script is made of.
        "reportUnusedExpression": False,
        "reportUnusedCoroutine": "error",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    options = ("--outputjson", "--pythonpath", sys.executable)
    output = run("pyright", *options, folder=folder)
    for each in json.loads(output)["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            faults.setdefault(Path(each["file"]).name, set()).add(line)
    return faults


@pytest.fixture(params=[mypy, pyright])
def checker(request: pytest.FixtureRequest) -> Checker:
    found: Checker = request.param
    if importlib.util.find_spec(found.__name__) is None:
        pytest.skip(f"{found.__name__} is not installed")
    return found


def test_each_mistake_is_found_and_nothing_else(
    checker: Checker, tmp_path: Path
) -> None:
    # One test for all: what takes seconds is to start the checker.
    write(tmp_path)
    faults = checker(tmp_path)
    assert set(faults) == {"wrong.py"}, "the other scripts are right"
    _, numbers = script("wrong")
    found = faults["wrong.py"]
    assert [about for about, number in numbers.items() if number not in found] == []
    assert found <= set(numbers.values())
