"""Which documents are of a version of OpenAPI that is understood."""

from __future__ import annotations

import re

from batchwright.diagnostics import Report, excerpt
from batchwright.document import Data, Source

_VERSION = re.compile(r"3\.[012]\.[0-9]+(?:-.+)?")


def of_known_version(root: Source, report: Report) -> Data:
    """What the root file says, its version as it is meant.

    Raises SpecError where it is no document of OpenAPI 3.
    """
    data = root.data
    fields = data if isinstance(data, dict) else {}
    if "openapi" in fields:
        return {**fields, "openapi": _version(fields["openapi"], root, report)}
    if "swagger" in fields:
        report.error(
            "unsupported-version",
            f"this is Swagger {_shown(fields['swagger'])}, not OpenAPI 3",
            root.location(("swagger",)),
            "convert it first, for example with swagger2openapi or"
            " https://converter.swagger.io",
        )
    else:
        lacks = 'it has no field "openapi"' if fields else "it is no mapping of fields"
        report.error(
            "not-openapi",
            f"this is not an OpenAPI document: {lacks}",
            root.location(()),
            'an OpenAPI document begins like "openapi: 3.1.0"',
        )
    report.stop_if_errors()
    return data


def _version(version: object, root: Source, report: Report) -> str:
    shown = _shown(version)
    if isinstance(version, str) and _VERSION.fullmatch(version):
        return version
    if shown in ("3.0", "3.1", "3.2"):
        report.warning(
            "invalid-openapi",
            f'"openapi" must have three numbers, not {shown}',
            root.location(("openapi",)),
            f'it is read as "{shown}.0"',
        )
        return f"{shown}.0"
    report.error(
        "unsupported-version",
        f"OpenAPI {shown} is not supported",
        root.location(("openapi",)),
        "versions 3.0, 3.1 and 3.2 are understood",
    )
    report.stop_if_errors()
    return shown


def _shown(version: object) -> str:
    return version if isinstance(version, str) else excerpt(version)
