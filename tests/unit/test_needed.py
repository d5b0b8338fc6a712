"""Which modules of the runtime an SDK carries, and what its index says."""

from __future__ import annotations

import pytest

from batchwright.rendering.needed import index_of, needed

INDEX = """\"\"\"What there is.\"\"\"

from .forms import (
    Encoding,
    FormBody,
)
from .operation import TEXT, Operation

__all__ = ["Encoding", "FormBody", "Operation", "TEXT"]
"""


def test_the_index_has_what_the_package_imports() -> None:
    rendered = {
        "client.py": "from ._runtime import Operation\n",
        "resources/a.py": "def f():\n    from .._runtime import (\n        TEXT,\n    )\n",
        "models.py": "from .other import FormBody\n",
    }
    assert index_of({"_runtime/__init__.py": INDEX}, rendered) == {
        "_runtime/__init__.py": (
            '"""What there is."""\n\nfrom .operation import TEXT, Operation\n\n'
            "__all__ = ['TEXT', 'Operation']\n"
        )
    }


def test_templates_without_an_index_get_none() -> None:
    assert index_of({}, {"client.py": "from ._runtime import Operation\n"}) == {}


FILES = {
    "client.py": "from ._runtime import Operation\n",
    "py.typed": "",
    "_runtime/__init__.py": "from .operation import Operation\n",
    "_runtime/operation.py": "from .bodies import Body\n",
    "_runtime/bodies.py": "import json\nfrom json import loads\n",
    "_runtime/forms.py": "from .bodies import Body\n",
    "_runtime/batch/__init__.py": "",
    "_runtime/batch/engine.py": "from ..operation import Operation\n",
    "_runtime/testing/__init__.py": "from .fake import Fake\n",
    "_runtime/testing/fake.py": "from ..batch import engine\n",
}
ALWAYS = {
    "client.py",
    "py.typed",
    "_runtime/__init__.py",
    "_runtime/operation.py",
    "_runtime/bodies.py",
}
BATCH = {"_runtime/batch/__init__.py", "_runtime/batch/engine.py"}
TESTING = {"_runtime/testing/__init__.py", "_runtime/testing/fake.py"}


@pytest.mark.parametrize(
    ("path", "text", "more"),
    [
        ("models.py", "import msgspec\n", set()),
        ("models.py", "from ._runtime.forms import Form\n", {"_runtime/forms.py"}),
        # Only to look at types, or late: it has to be there all the same.
        (
            "models.py",
            "if TYPE_CHECKING:\n    from ._runtime.forms import (\n        Form,\n    )\n",
            {"_runtime/forms.py"},
        ),
        ("resources/a.py", "from .._runtime.batch import engine\n", BATCH),
        # A package leads to what its index imports, and to the modules taken from it.
        ("testing.py", "from ._runtime.testing import Fake\n", TESTING | BATCH),
        # What others put beside the runtime is theirs.
        ("extra/own.py", "x = 1\n", set()),
    ],
)
def test_what_is_imported_is_carried(path: str, text: str, more: set[str]) -> None:
    assert needed(FILES | {path: text}).keys() == ALWAYS | {path} | more
