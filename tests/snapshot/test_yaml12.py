"""YAML is read as DVC reads it: every example is put to DVC's own parser as well."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.unreadable import UnreadableError

_FAILED = object()

SCALARS = """
1 0 -0 +1 010 0777 09 0o17 0O17 -0o7 0x1F 0XFF 0xff_ff 0b101 -0b1 0b 0o 0x 1_000 1__0 1_ _1 +_ 0o_ 0x_ 0b_
1. 1.5 -1.5 .5 -.5 1e3 1e-3 1e-05 1E5 1.e5 1.5e+3 12e03 .5e5 .5e+5 -.5e-5 ._ . .. 1_0.5_0 1e400 1e 1e+ e5
1.2.3 .inf -.inf +.inf .Inf .INF .iNf .nan .NaN .NAN -.nan inf nan NaN
true True TRUE tRUE false False FALSE yes no Yes NO on off y n Y N
null Null NULL nULL ~ ~x None = << <<< =x 1:30 1:30:15 190:20:30.15 3.10 v1.0 0.1.0 1,000 1/2 50% 5s
a-b a:b http://x.org/y?z=1#a ${param} train@cnn d41d8cd98f00b204e9800998ecf8427e.dir 1e10d8cd98f 00e1 1e5a -
""".split()  # noqa: SIM905  # a table to be read

DOCUMENTS = [
    "",
    "# nothing",
    "---\n",
    "0",
    "false",
    "[]",
    "''",
    "plain text",
    "- 1\n- - 2\n  - a\n-\n",
    "a: {b: [1, 2.0, x], c: }\nd: ~",
    "{a:1}",
    "[a:1, b: 2]",
    "a: 'yes'\nb: \"1e-3\"\nc: |\n  text\n  more\nd: >-\n  folded\n  text\n",
    'a: "\\x41\\u00e9\\/\\n"',
    'a: "\\\'"',
    "1: a\n1.0: b",
    "1: a\ntrue: b",
    "a: 1\nb: 2\na: 3",
    "a: {b: 1, b: 1}",
    ".nan: 1\n.nan: 2",
    "null: 1\n~: 2",
    "? [1, 2]\n: 3",
    "? [1, [2]]\n: 3",
    "? {a: b}\n: 3",
    "x: &x {a: 1, b: 2}\ny: {<<: *x}\nz: {<<: *x, a: 3}",
    "x: &x {a: 1}\ny: &y {a: 2, b: 3}\nz: {<<: [*x, *y], c: 4}\nw: {<<: [*y, *x]}",
    "x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {c: 3, <<: *y}",
    "x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x",
    "<<: {a: 1, a: 2}",
    "<<: {}\na: 1\na: 2",
    "<<: {a: 1}\nb: 1\nb: 2",
    "<<: 3",
    "<<: [3]",
    "a: <<",
    "- <<",
    "'<<': {a: 1}",
    "=: 1",
    "a: =",
    "a: &x 1\nb: &x 2\nc: *x",
    "a: &x [1]\nb: *x\nc: *x",
    "a: *nothing",
    "!!set {a, b}",
    "!!set {a, a}",
    "!!binary aGVsbG8=",
    "!!binary é",
    "a: !!int '3'\nb: !!float 3\nc: !!bool yes\nd: !!null x\ne: !!str 1e3\nf: ! 3",
    "a: !!int x",
    "a: !!int ''",
    "a: !!bool perhaps",
    "a: !!float x",
    "a: !!seq {}",
    "a: !!map []",
    "a: !!int [1]",
    "a: !custom 3",
    "!!python/object/apply:os.system ['true']",
    "a: !!python/tuple [1]",
    "a: b: c",
    "\ta: b",
    "a: [1,",
    "a: @x",
    "a: %x",
    "a: - b",
    "a: 'open",
    "a: 1\n...\n",
    "--- 1\n--- 2",
    "---\n---\n",
    "a: 1\n...\nb: 2",
    "%YAML 1.2\n---\na: yes",
    "a: \x07",
    "a: \x7f",
    "\ufeffa: 1",
    "a: 1\r\nb: 'x\r\n  y'\r\n",
    "a: |\r\n  x\r\n  y\r\n",
    "- a: 1\n  b: 2\n- ",
    "a: [1,2,]",
    "a: [,]",
    "? a",
    "a : 1",
    "a: x # comment\nb: x#y",
    "vars: ${a.b}\ncmd: >\n  python x.py\n  --n 1\n",
    "é: 日本\n😀: 1",
    "a: " + "9" * 5000,
    "2020-01-01x: 1",
]


def _dvc(text: str) -> Any:
    from dvc.utils.serialize import parse_yaml

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse_yaml(text.replace("\r\n", "\n"), "params.yaml")
        except Exception:  # noqa: BLE001  # whatever DVC stumbles over, it could not read
            return _FAILED


def _ours(text: str) -> Any:
    try:
        return yaml12.load(text.encode())
    except UnreadableError:
        return _FAILED


def _same(left: Any, right: Any) -> bool:
    """Equal, of equal types all the way down, and NaN is NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    if isinstance(left, dict):
        return [repr(key) for key in left] == [repr(key) for key in right] and all(
            _same(a, b) for a, b in zip(left.values(), right.values(), strict=True)
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(_same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize("form", ["a: {}", "- {}", "{}: 1", "a: [{}, x]"])
def test_a_plain_scalar_means_what_it_means_to_dvc(form: str, scalar: str) -> None:
    text = form.format(scalar)
    expected, actual = _dvc(text), _ours(text)
    assert _same(expected, actual), (expected, actual)


@pytest.mark.parametrize("text", DOCUMENTS)
def test_a_document_means_what_it_means_to_dvc(text: str) -> None:
    expected, actual = _dvc(text), _ours(text)
    assert _same(expected, actual), (expected, actual)


NUMERIC = st.text(alphabet="0123456789+-._eExobaAfFinN:~", max_size=8)


@given(NUMERIC)
@settings(max_examples=600, deadline=None)
def test_anything_that_looks_like_a_number_means_what_it_means_to_dvc(scalar: str) -> None:
    text = f"a: {scalar}\n"
    expected, actual = _dvc(text), _ours(text)
    assert _same(expected, actual), (expected, actual)


PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="?\x85\u2028\u2029"
)
TEXT = st.text(PRINTABLE, max_size=10).filter(lambda text: not text.startswith(":"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_dvc_writes_is_read_back_as_dvc_reads_it(value: Any, flow: bool) -> None:
    import io

    from ruamel.yaml import YAML

    writer = YAML()
    writer.default_flow_style = flow
    stream = io.StringIO()
    writer.dump({"value": value}, stream)
    expected, actual = _dvc(stream.getvalue()), _ours(stream.getvalue())
    assume(expected is not _FAILED)  # ruamel writes some keys that it cannot read
    assert _same(expected, actual), stream.getvalue()


LINES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ["a: ", "b: ", "- ", "? ", "&x ", "*x", "<<: ", "{", "}", "[", "]", "'", "b: |", "# "]
        ),
        st.sampled_from(["", "1", "x", "{c: 1}", "[2]", "*x", "&x {d: 1}", "yes", "1e-5", ", "]),
    ),
    max_size=6,
).map(lambda lines: "\n".join("  " * indent + head + tail for indent, head, tail in lines))


@given(LINES)
@settings(max_examples=500, deadline=None)
@example("- - a: 1\n    b: 2\n  - c")
def test_even_odd_structure_is_read_or_refused_as_dvc_does(text: str) -> None:
    expected, actual = _dvc(text), _ours(text)
    if actual is _FAILED and "contains itself" in _reason(text):
        return
    assert _same(expected, actual), (text, expected, actual)


@pytest.mark.parametrize(
    "written", ["2020-01-01", "2020-1-1 10:00:00", "2001-12-14t21:59:43.10-05:00", "!!timestamp 2020-01-01"]
)
def test_a_date_stays_as_written_where_dvc_would_fail_on_it(written: str) -> None:
    assert yaml12.load(f"a: {written}".encode()) == {"a": written.removeprefix("!!timestamp ")}


@pytest.mark.parametrize(
    "text", [": 1", "[:0: 1]", "[a:?]", "|\nx", "!!omap [a: 1]", "!!pairs [a: 1]", "a: \x85b"]
)
def test_what_only_dvc_reads_is_refused_by_name(text: str) -> None:
    assert _dvc(text) is not _FAILED
    assert _ours(text) is _FAILED


def test_a_tab_after_the_colon_is_read_where_dvc_refuses() -> None:
    assert _dvc("a:\tb") is _FAILED
    assert yaml12.load(b"a:\tb") == {"a": "b"}


def _reason(text: str | bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        yaml12.load(text if isinstance(text, bytes) else text.encode())
    assert str(caught.value) == caught.value.reason
    assert "\n" not in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\nc: d: e", "not valid YAML: line 3: mapping values are not allowed in this context"),
        (
            "a: 1\n\n\n\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n",
            "merge conflict markers at line 5",
        ),
        (b"a: \xff\xfe", "not UTF-8"),
        ("train:\n  lr: 1\n  n: 2\n  lr: 3", "duplicate key 'lr' at line 4"),
        ("a: &x {}\nb:\n  <<: *x\n  <<: *x", "duplicate key '<<' at line 4"),
        ("--- 1\n--- 2", "several YAML documents in one file"),
        ("a: 1\nb: !!python/name:os.system", "not valid YAML: line 2: unknown tag !!python/name:os.system"),
        ("a: !secret x", "not valid YAML: line 1: unknown tag !secret"),
        ("a: 0x_", "not valid YAML: line 1: '0x_' is no int"),
        ("a: =", "not valid YAML: line 1: '=' where a value belongs"),
        ("? {a: 1}\n: 1", "not valid YAML: line 1: a mapping cannot be a key"),
        ("é: 1\na: \x07", "not valid YAML: line 2: control characters are not allowed"),
        ("a: &x [*x]", "the anchor at line 1 contains itself"),
        (
            "%YAML 1.1\n---\na: yes",
            "declares %YAML 1.1, whose rules for plain values are not those of YAML 1.2",
        ),
    ],
)
def test_the_reason_is_one_sentence_that_names_the_place(text: str | bytes, expected: str) -> None:
    assert _reason(text) == expected


def test_aliases_cannot_blow_a_file_up() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    assert _reason("a0: &a0 [1]\n" + levels) == "its aliases stand for more than 1,000,000 values"


def test_merges_cannot_blow_a_file_up() -> None:
    levels = "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 10))
    assert _reason("a0: &a0 {x: 1}\n" + levels) == "its aliases stand for more than 1,000,000 values"


def test_a_long_chain_of_aliases_is_refused_not_fatal() -> None:
    chain = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 1000))
    assert _reason("a0: &a0 [1]\n" + chain) == "nested more than 300 levels deep"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
@pytest.mark.parametrize("depth", [301, 5000, 100_000])
def test_deep_nesting_is_refused_before_the_stack_ends(opening: str, depth: int) -> None:
    assert _reason(opening * depth) == "nested more than 300 levels deep"


def test_a_file_as_deep_as_dvc_bears_is_read() -> None:
    text = "[" * 290 + "]" * 290
    assert _same(_dvc(text), _ours(text))


def test_a_redefined_anchor_is_bounded_too() -> None:
    assert _reason("a: &x 1\nb: &x 2\nc: " + "[" * 400) == "nested more than 300 levels deep"


@given(st.binary(max_size=40))
@settings(max_examples=300)
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        yaml12.load(data)
    except UnreadableError as error:
        assert error.reason  # noqa: PT017  # either outcome is right, but none without a reason
