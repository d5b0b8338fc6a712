"""A module that is cut and put together again is as black formats the whole."""

from __future__ import annotations

import ast
from pathlib import Path

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchwright.diagnostics import Report
from batchwright.formatting.blackened import blacken
from batchwright.formatting.pieces import Piece, cut, join
from batchwright.formatting.style import style
from batchwright.results import Kept

PROJECT = Path(__file__).parents[2]
WRITTEN = [
    path
    for folder in ("generator/batchwright", "tests/unit")
    for path in sorted((PROJECT / folder).rglob("*.py"))
    if "_runtime" not in path.parts and path.stat().st_size < 12_000
]


def in_pieces(text: str) -> str:
    pieces = cut(text, ast.parse(text))
    return join(pieces, [blacken(piece.text, "py") for piece in pieces])


@pytest.mark.parametrize("step", range(12))
def test_written_modules(step: int) -> None:
    """What people and the tool have written, with other line lengths to split it at."""
    for path in WRITTEN[step::36]:
        text = black.format_str(
            path.read_text("utf-8"), mode=black.Mode(line_length=40 + 20 * (step % 5))
        )
        assert in_pieces(text) == blacken(text, "py"), path


def test_methods_of_two_classes_are_the_same_pieces() -> None:
    method = '    def f(self):\n        """Say it."""\n        return 1\n'
    text = f"class A:\n    x = 1\n\n{method}\nclass B:\n    y = 1\n\n{method}"
    pieces = cut(text, ast.parse(text))
    texts = [piece.text for piece in pieces]
    assert len(texts) == 6
    assert texts[1:3] == texts[4:6]


def test_fields_of_two_classes_are_the_same_pieces() -> None:
    fields = '    a: int\n    """One."""\n\n    b: str\n    c: str\n'
    text = f'class A:\n    """A."""\n\n    z = 1\n{fields}\n\nclass B:\n    y = 1\n{fields}'
    pieces = cut(text, ast.parse(text))
    texts = [piece.text for piece in pieces]
    # The second class has no docstring: its first two fields stay together.
    assert texts[2:4] == texts[5:7]
    assert len(texts) == 7
    assert in_pieces(text) == blacken(text, "py")


BODIES = st.sampled_from(
    [
        "pass",
        "...",
        "x=1",
        '"""Only words."""',
        '"""Say it.\n\n{0}    Twice.\n{0}"""\n{0}return  1',
        '"""Say it."""\n\n\n{0}x = (1)\n{0}# why\n\n{0}return x',
        "'''single'''\n{0}return 1",
        "def g(): return 1\n{0}return g",
        "if x:\n{0}    pass\n\n\n{0}else: y()",
        'x = """\n  def no(): pass\n\nclass A: pass\n"""\n{0}return x',
        "# first\n{0}return 1",
        "a: int\n{0}b = (1)\n\n\n{0}c: str=f(x = 1)",
        '"""Say."""\n{0}a: int\n{0}"""Of a."""\n\n{0}b: int = 1',
        "a: int # why\n{0}b: int; c: int\n{0}d: int",
    ]
)
HEADS = st.sampled_from(
    [
        "def {0}(self, {1}{2}, *, b=1) -> int:",
        "async def {0}(self): ",
        "@property\n{3}def {0}(self):",
        "@a.b(\n{3}    1)\n{3}@c\n{3}def {0}( ):",
        "class {0}(A, b = {1}):",
        "class {0}:",
    ]
)


@st.composite
def definitions(draw: st.DrawFn, depth: int) -> str:
    outer, inner = "    " * depth, "    " * (depth + 1)
    head = draw(HEADS)
    name = draw(st.sampled_from("fg"))
    if head.startswith("class") and depth < 2:
        parts = draw(st.lists(statements(depth + 1), min_size=1, max_size=4))
        body = "".join(parts).lstrip("\n")
        text = f"{outer}{head.format(name, 'x', '', outer)}\n{body}"
        return text if body.strip() and not only_comments(body) else f"{text}{inner}a=1"
    long = "a" * draw(st.integers(0, 70))
    body = draw(BODIES).format(inner)
    if "\n" in body or body.startswith(("x", "d", "#", '"')) or draw(st.booleans()):
        body = f"\n{inner}{body}"
    return f"{outer}{head.format(name, 'x', long, outer)}{body}"


def only_comments(text: str) -> bool:
    return all(
        not line.strip() or line.strip().startswith("#") for line in text.split("\n")
    )


@st.composite
def statements(draw: st.DrawFn, depth: int) -> str:
    outer = "    " * depth
    kind = draw(st.integers(0, 9))
    if kind < 5:
        text = draw(definitions(depth))
    else:
        text = outer + draw(
            st.sampled_from(
                [
                    "x=1",
                    "x: int=f( 1,2 )",
                    "# a comment",
                    '"""words"""',
                    "import a",
                    "x = 1 ; y = 2",
                    "x = 1  # trailing",
                    "if x:\n{0}    def f(): pass",
                    "y = [1,\n2,]",
                    "class A: ...",
                    "def f(): ...",
                    "x = '''\n\n\nclass B:\n    pass\n'''",
                    "for x in y: pass",
                    "z = 1 + \\\n2",
                ]
            )
        ).format(outer)
    return text + "\n" * draw(st.integers(1, 5))


@settings(max_examples=200, deadline=None)
@given(st.lists(statements(0), min_size=1, max_size=6))
def test_any_module(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        ast.parse(text)
        whole = blacken(text, "py")
    except (SyntaxError, ValueError):
        return
    assert in_pieces(text) == whole
    report, kept = Report(), Kept[str]()
    # Sections of another module, in another order, may be known already.
    style({"b.py": "".join(parts[::-1])}, Report(), kept)
    assert style({"a.py": text}, report, kept) == {"a.py": whole}
    assert report.diagnostics == ()


def test_a_class_that_is_another_leaves_the_rest_of_a_module_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def noted(text: str, tree: ast.Module) -> tuple[Piece, ...]:
        read.append(text)
        return cut(text, tree)

    monkeypatch.setattr("batchwright.formatting.style.cut", noted)
    before = "".join(f"\n\nclass {name}:\n    a=1\n" for name in "ABC")
    kept = Kept[str]()
    style({"a.py": f"x=1\n{before}"}, Report(), kept)
    read.clear()
    after = before.replace("B:\n    a=1", "B:\n    a=2")
    assert style({"a.py": f"x=1\n{after}"}, Report(), kept) == {
        "a.py": f"x = 1\n{after.replace('a=', 'a = ')}"
    }
    assert read == ["class B:\n    a=2\n"]


def test_a_field_called_encoding_is_a_field() -> None:
    text = "class A:\n    encoding: str\n    fmt: str\n\n\nclass B:\n    yapf: int\n"
    assert len(cut(text, ast.parse(text))) == 2
    assert in_pieces(text) == blacken(text, "py")


@pytest.mark.parametrize(
    "text",
    [
        '"""Words."""\n\n\n@a\ndef f( ): pass\n',
        "x=1\n\n# fmt: off\nclass A:\n    x  =  1\n\n    def f( self ): pass\n# fmt: on\n",
        "class A: # fmt: skip\n    x  =  1\n\n\nclass B:\n    x  =  1\n",
        "class A:\n\n\tx  =  1\n\n\tdef f( self ):\n\t\tpass\n",
        "class A:\n    pass\n\f\nclass B:\n    pass\n",
        "class A:\n    pass # yapf: disable\n\n\nclass B:\n    x  =  1 # yapf: enable\n",
        'class A:\n    """Say.\n\n\tit"""\n\n    def f( self ):\n        """Say.\n\t\tit"""\n'
        "        pass\n",
        "# -*- coding: latin-1 -*-\nclass A:\n    pass\n\n\nclass B: pass\n",
        "class A:\n    x  =  '''\"\"\"_\"\"\"'''\n\n    def f(self):\n"
        '        """Doc."""\n        return  1\n',
        "class É:\n    é  =  1\n\n    def f(self): pass\n\n    é: str  =  '→'; x = 1\n\n"
        "    def g(self): pass\n",
    ],
)
def test_what_black_reads_across_pieces(text: str) -> None:
    assert in_pieces(text) == blacken(text, "py")
