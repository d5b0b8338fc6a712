"""What is laid out without black is as black lays it out."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchwright.configuration.config import Config
from batchwright.diagnostics import Report, SpecError
from batchwright.formatting.blackened import blacken
from batchwright.formatting.layout import laid_out
from batchwright.formatting.pieces import cut
from batchwright.pipeline import understand
from batchwright.rendering.render import render
from batchwright.rendering.templates import read_templates
from support.specs import configured

PROJECT = Path(__file__).parents[2]
GOLDEN = PROJECT / "tests" / "golden"
CASES = sorted(folder.parent for folder in GOLDEN.glob("*/expected"))


def pieces_of(spec: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What templates print of a spec, piece by piece."""
    monkeypatch.chdir(spec.parent)
    report = Report()
    config = Config(spec=Path(spec.name), package="sdk", distribution="sdk")
    _, api = understand(configured(config, report), report)
    rendered = render(api, read_templates(None, report), report)
    found = [
        piece.text
        for path, text in rendered.items()
        if path.endswith(".py")
        for piece in cut(text, ast.parse(text))
    ]
    return list(dict.fromkeys(found))


def test_the_golden_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: dict[str, None] = {}
    for case in CASES:
        spec = next(iter(sorted(case.glob("spec*"))))
        texts |= dict.fromkeys(pieces_of(spec, monkeypatch))
    answers = {text: laid_out(text) for text in texts}
    for text, answer in answers.items():
        assert answer is None or answer == blacken(text, "py")
    # Nearly all; what is left is for black.
    assert sum(answer is None for answer in answers.values()) < len(answers) / 5


@pytest.mark.parametrize("part", range(4))
def test_our_spec(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pieces_of(PROJECT / "spec" / "openapi.yaml", monkeypatch)
    for text in texts[part * 5 :: 20]:
        answer = laid_out(text)
        assert answer is None or answer == blacken(text, "py")


def test_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Specs of others, where they are beside the checkout."""
    corpus = PROJECT.parent / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("../shared/corpus is not beside the checkout")
    for spec in sorted(corpus.glob("*.[jy]*")):
        try:
            texts = pieces_of(spec, monkeypatch)
        except SpecError:
            continue
        for text in texts[:: max(1, len(texts) // 40)]:
            answer = laid_out(text)
            assert answer is None or answer == blacken(text, "py")


NAMES = st.one_of(
    st.sampled_from(["a", "self", "type", "match", "_", "case", "print", "x1"]),
    st.integers(1, 45).map(lambda length: ("name_of_something_" * 3)[:length]),
)
STRINGS = st.one_of(
    st.sampled_from(["''", '""', "'a'", '"it\'s"', "'say \"a\"'", r"'a\n'", "r'a'"]),
    st.integers(0, 90).map(lambda length: repr("x" * length)),
    st.sampled_from(["'é'", "'→'", "'字字字'"]),
)
SPACES = st.sampled_from(["", "", " ", "\n   ", "\n\n        "])


@st.composite
def sequences(
    draw: st.DrawFn, element: st.SearchStrategy[str], opening: str, closing: str
) -> str:
    """Elements in brackets, with or without a comma after the last one."""
    elements: list[str] = draw(st.lists(element, max_size=5))
    space = draw(SPACES)
    comma = draw(st.sampled_from(["", ","])) if elements else ""
    if opening == "(" and len(elements) == 1:
        comma = draw(st.sampled_from(["", ",", ","]))
    inner = f",{space or ' '}".join(elements)
    return f"{opening}{space}{inner}{comma}{space}{closing}"


def types(depth: int = 2) -> st.SearchStrategy[str]:
    if not depth:
        return NAMES
    inner = types(depth - 1)
    return st.one_of(
        NAMES,
        st.builds("{}.{}".format, NAMES, NAMES),
        st.builds("{} | {}".format, inner, inner),
        st.builds("{}[{}]".format, NAMES, inner),
        st.builds("{}[{}, {}]".format, NAMES, inner, inner),
        st.builds("tuple[{}, ...]".format, inner),
        st.builds("Literal[{}]".format, STRINGS),
    )


def values(depth: int = 3) -> st.SearchStrategy[str]:
    simple = st.one_of(
        NAMES, STRINGS, st.sampled_from(["0", "12", "1.5", "None", "-1", "1e5", "0x1F"])
    )
    if not depth:
        return simple
    inner = values(depth - 1)
    argument = st.one_of(
        inner,
        st.builds("{}={}".format, NAMES, inner),
        st.builds("**{}".format, NAMES),
        st.builds("*{}".format, NAMES),
    )
    call = st.builds("{}{}".format, NAMES, sequences(argument, "(", ")"))
    return st.one_of(
        simple,
        call,
        call,
        st.builds("self.{}".format, call),
        st.builds("a.b.{}".format, call),
        st.builds("{}.{}".format, call, call),
        sequences(inner, "(", ")"),
        sequences(inner, "[", "]"),
        sequences(inner, "{", "}"),
        sequences(st.builds("{}: {}".format, STRINGS, inner), "{", "}"),
        types(),
    )


PARAMETERS = st.one_of(
    st.builds("{}: {}".format, NAMES, types()),
    st.builds("{}: {} = {}".format, NAMES, types(), values(1)),
    st.builds("{}={}".format, NAMES, values(1)),
    st.builds("**{}: {}".format, NAMES, types()),
    st.sampled_from(["*", "self", "*args", "**options"]),
)
DOCUMENTED = st.one_of(
    st.sampled_from(
        [
            '"""Say it."""',
            '""" Say it. """',
            '"""Say "it"."""',
            '"""Say "it\\""""',
            '"""Say it.\n{0}"""',
            '"""Say it.\n\n{0}Twice, and   \n\n\n{0}  more.\n\n{0}"""',
            '"""Say it.\nnot indented\n"""',
            '"""\n{0}Say it.\n{0}"""',
            '""""""',
            '"""\n\n{0}"""',
            '"""Say.\n\tit"""',
            '"""Say \\\n{0}it"""',
            r'"""Say `\\`, or `\n`."""',
            '"""Say `\\\\`, or \\\\\\\\\n{0}it\\\\."""',
            '"""Say it.\\\\"""',
            '"""Say "it.\\"\n{0}"""',
            '"""Say\n{0}"it.\\""""',
            '""""It" is said."""',
            '"""Say \\"\\"\\"it\\"\\"\\", \\xad, \\u200b."""',
            '"""Say \\xAD."""',
            '"""Say \\N{dash}."""',
            '"""First\n      second\n   third  """',
            "'''Say it.'''",
            '"Say it."',
            '"""É, →.\n{0}字"""',
        ]
    ),
    st.integers(60, 95).map(lambda length: '"""' + "x" * length + '"""'),
    st.integers(60, 95).map(lambda length: '"""Say.\n{0}' + "x" * length + '"""'),
    st.integers(60, 95).map(lambda length: '"""Say.\n{0}' + "x" * length + '\n{0}"""'),
    st.integers(60, 95).map(lambda length: '"""Say.\n{0}' + "x" * length + '\\""""'),
)
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, values()),
    st.builds("{}: {} = {}".format, NAMES, types(), values()),
    st.builds("{}: {}".format, NAMES, types()),
    st.builds("return {}".format, values()),
    st.builds("return await {}".format, values(1)),
    st.builds("await {}".format, values(1)),
    values(),
    DOCUMENTED,
    st.sampled_from(["pass", "...", "# why", "x = 1  # why", "x: int=1", "import a.b"]),
    st.sampled_from(
        ["del a", "del a, b", "if a:\n    import b", "raise A(b())", "super().f(a,)"]
    ),
    st.sampled_from(["raise a", "x += 1", "del x", "x, y = y, x", "x = y = 1"]),
    st.builds("import {} as {}".format, NAMES, NAMES),
    st.builds("from .{} import {}, {}".format, NAMES, NAMES, NAMES),
    st.builds("from ..{} import {}".format, NAMES, sequences(NAMES, "(", ")")),
    st.builds("from a.b import {} as {}, {}".format, NAMES, NAMES, NAMES),
)


@st.composite
def blocks(draw: st.DrawFn, depth: int) -> str:
    indent = "    " * depth
    lines = []
    for statement in draw(st.lists(STATEMENTS, min_size=1, max_size=4)):
        lines.append(indent + statement.replace("{0}", indent))
        lines += [""] * draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
    return "\n".join(lines)


@st.composite
def functions(draw: st.DrawFn, depth: int) -> str:
    indent = "    " * depth
    decorator = draw(
        st.sampled_from(
            [
                "",
                "",
                f"{indent}@property\n",
                f"{indent}@a(1)\n",
                f"{indent}@a\n\n{indent}@b\n\n\n",
            ]
        )
    )
    head = draw(st.sampled_from(["def", "async def"]))
    parameters = draw(sequences(PARAMETERS, "(", ")"))
    result = draw(st.one_of(st.just(""), types().map(" -> {}".format)))
    name, body = draw(NAMES), draw(blocks(depth + 1))
    return f"{decorator}{indent}{head} {name}{parameters}{result}:\n{body}"


@st.composite
def classes(draw: st.DrawFn) -> str:
    bases = draw(st.one_of(st.just(""), sequences(values(1), "(", ")")))
    parts = draw(st.lists(st.one_of(blocks(1), functions(1)), min_size=1, max_size=2))
    return f"class {draw(NAMES)}{bases}:\n" + "\n\n".join(parts)


MODULES = st.lists(
    st.one_of(blocks(0), functions(0), functions(0), classes()), min_size=1, max_size=2
).map(lambda parts: "\n\n".join(parts) + "\n")


@settings(max_examples=int(os.environ.get("LAYOUT_EXAMPLES", "150")), deadline=None)
@given(MODULES)
def test_any_module(text: str) -> None:
    answer = laid_out(text)
    if answer is None:
        return
    try:
        ast.parse(text)
        expected = blacken(text, "py")
    except (SyntaxError, ValueError):
        return  # it is parsed before it is laid out
    assert answer == expected


LONG_NAMES = st.integers(8, 95).map(lambda length: ("a_long_name_of_it_" * 6)[:length])


def long_types(depth: int = 2) -> st.SearchStrategy[str]:
    inner = long_types(depth - 1) if depth else LONG_NAMES
    union = st.lists(inner, min_size=2, max_size=4).map(" | ".join)
    arguments = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(LONG_NAMES, union, st.builds("{}[{}]".format, NAMES, arguments))


LONG_STATEMENTS = st.one_of(
    st.builds("{}: {}".format, LONG_NAMES, long_types()),
    st.builds("{}: {} = {}".format, LONG_NAMES, long_types(), values(2)),
    st.builds("{} = {}".format, LONG_NAMES, values()),
    st.builds("{}[{}] = {}".format, NAMES, LONG_NAMES, long_types()),
    st.builds("return {}".format, st.one_of(long_types(), values())),
    st.builds("super().{}({}={})".format, LONG_NAMES, NAMES, values(2)),
    st.builds("del {}, {}".format, LONG_NAMES, LONG_NAMES),
)


@st.composite
def long_texts(draw: st.DrawFn) -> str:
    """A class or a function with little room, as generated names can leave it."""
    statement = draw(LONG_STATEMENTS)
    kind = draw(st.sampled_from(["class", "def", "async def", "decorated", "block"]))
    name = draw(LONG_NAMES)
    if kind == "class":
        bases = draw(st.lists(LONG_NAMES, min_size=1, max_size=3).map(", ".join))
        return f"class {name}({bases}):\n    {statement}\n"
    if kind == "block":
        ending = 'if __name__ == "__main__":\n    raise SystemExit(run(a))'
        body = f"{statement}\n# why\n{statement}\n{ending}\n"
        return f"if {name}:\n    import a\n\n{body}"
    parameter = st.one_of(
        PARAMETERS,
        st.builds("{}: {}".format, NAMES, long_types()),
        st.builds("{}: {} = {}".format, LONG_NAMES, long_types(1), values(1)),
    )
    parameters = draw(sequences(parameter, "(", ")"))
    result = draw(st.one_of(st.just(""), long_types().map(" -> {}".format)))
    head = "@property\ndef" if kind == "decorated" else kind
    return f"{head} {name}{parameters}{result}:\n    {statement}\n"


@settings(max_examples=int(os.environ.get("LAYOUT_EXAMPLES", "25")), deadline=None)
@given(long_texts())
def test_any_long_statement(text: str) -> None:
    answer = laid_out(text)
    if answer is None:
        return
    try:
        ast.parse(text)
        expected = blacken(text, "py")
    except (SyntaxError, ValueError):
        return
    assert answer == expected


@pytest.mark.parametrize("length", range(78, 90))
@pytest.mark.parametrize("character", ["字", "é", "→", "\u0301"])
def test_columns_are_counted_not_characters(character: str, length: int) -> None:
    text = f"call({'n' * (length - 13)}, {character * 3!r})\n"
    answer = laid_out(text)
    assert answer is None or answer == blacken(text, "py")


@pytest.mark.parametrize("length", range(82, 92))
@pytest.mark.parametrize(
    "form",
    [
        "x = {0}\n",
        "x = '{0}'\n",
        "x: t[a] = {0}(a, b=1)\n",
        "{0}: t[a, b] = f(a, b=1)\n",
        "x: t[a, {0}] = f(a, b=1)\n",
        "x: t[a, {0}] = some_function_of_that_name(a, b=1,)\n",
        "x: t[{0}] = a.b([1, 2], {{'a': b}})\n",
        "x[{0}] = a(b)\n",
        "x: t[{0}] = [a, b]\n",
        "def f(self, a: {0}) -> None:\n    pass\n",
        "def f(\n    self, a, b,\n        {0}\n) -> None:\n    pass\n",
        "    return await self.a(b, {0})\n",
        "return f({0})\n",
        "return self.f(a, {{'a': b, {0}: b}})\n",
        "f(a, b=[{0}, b], c={{'a': {0}}})\n",
        "x = ['{0}', b]\n",
        "from a import {0}, b\n",
        '"""A.\n\n{0}"""\n',
    ],
)
def test_at_the_end_of_the_line(form: str, length: int) -> None:
    """One character more or less decides."""
    is_method = form.startswith("    ")
    for short in range(0, 24, 4):
        filler = "a" * (length - len(form.split("\n")[0]) + 3 - short)
        text = form.format(filler)
        if is_method:
            text = f"def f():\n{text}"
        answer = laid_out(text)
        assert answer is None or answer == blacken(text, "py")
