"""A YAML file that is read by its sections must say what it says when read whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.snapshot import sections, values
from dvc_changelog.snapshot.blobs import flat_params
from dvc_changelog.snapshot.unreadable import UnreadableError

_FAILED = object()

keys = st.sampled_from(
    ["a", "b", "c", "a.b", "true", "True", "null", "NaN", "no", "x-1", "_", "1", "é", "k k"]
)
scalars = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    st.text("ab \n\t#:'\"-|>&*", max_size=12),
    st.sampled_from(["a: b", "\nb: 1\n", "# c", "x\n\ny\n", "\u2028b: 1", "- a", "\x85c: 2", "long " * 30]),
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(keys, trees, min_size=1, max_size=5)
LINES = [
    *(
        "# c\n",
        "\n",
        "  \n",
        "---\n",
        "...\n",
        "b: 1\n",
        "a:\n",
        "- 1\n",
        "-\n",
        "}\n",
        "]\n",
        "  x: 1\n",
        "\t\n",
    ),
    *(
        "d: &d {x: 1}\n",
        "e: *d\n",
        "f:\n  <<: *d\n",
        "<<: *d\n",
        "? g\n",
        ": h\n",
        "'i': 1\n",
        "j: 'k\n",
        "l: m'\n",
    ),
    *(
        'n: "\n',
        "o: |\n",
        "p: >-\n",
        "q: {r: 1,\n",
        "s: [\n",
        "t: u: v\n",
        "%YAML 1.1\n",
        "true: {}\n",
        "True: {}\n",
    ),
    *(
        "<<<<<<< HEAD\n",
        "=======\n",
        "a: {}\n",
        "a.b: 2\n",
        "w: 1\r",
        "y: 2\r\n",
        "z: 3\x85b: 4\n",
        "b:",
        "\ufeff",
    ),
    *(
        "A: 2020-01-01\n",
        "B: !!set {x}\n",
        "C: !odd 1\n",
        "D : 1\n",
        "E: 1 # c\n",
        "F:1\n",
        "\u2028",
        "G: \xa0\n",
    ),
]
"""Lines that a person, or a merge, may leave."""


def whole(data: bytes) -> object:
    try:
        return values.flatten(values.parse("params.yaml", data))
    except UnreadableError as error:
        return _FAILED, error.reason


def read(data: bytes) -> object:
    try:
        return flat_params("params.yaml", data)
    except UnreadableError as error:
        return _FAILED, error.reason


def agree(data: bytes) -> None:
    """By sections or whole: the values, their types and their order, or the reason why there are none."""
    assert repr(read(data)) == repr(whole(data))


@settings(max_examples=200, deadline=None)
@given(documents)
def test_what_a_library_wrote_says_the_same(document: dict[str, Any]) -> None:
    from dvc.utils.serialize import dumps_yaml

    agree(dumps_yaml(document).encode())


@settings(max_examples=200, deadline=None)
@given(documents, st.lists(st.tuples(st.integers(0, 30), st.sampled_from(LINES), st.booleans()), max_size=4))
def test_what_a_person_or_a_merge_changed_says_the_same(
    document: dict[str, Any], edits: list[tuple[int, str, bool]]
) -> None:
    from dvc.utils.serialize import dumps_yaml

    lines = dumps_yaml(document).splitlines(keepends=True)
    for at, line, deleted in edits:
        if deleted and lines:
            del lines[min(at, len(lines) - 1)]
        else:
            lines.insert(at, line)
    agree("".join(lines).encode())


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb:\n  c: [1, 2]\n  d: x\n",
        "# head\n\na: 1\n# between\nb:\n- 1\n- 2\n",
        "a: |\n  x\n\n  y: 1\nb: 'it''s\n\n  c'\n",
        "a:\n  x: &x 1\n  y: *x\nb: 2\n",
    ],
)
def test_a_plain_mapping_is_read_by_its_sections(text: str) -> None:
    assert sections.flat(text.encode()) is not None
    agree(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: 1\na: 2\n",
        "a: {}\na: 2\n",
        "a.b: 1\na: {b: 2}\n",
        "---\na: 1\n",
        "a: 1\r\nb: 2\r\n",
        "'a': 1\n",
        "  a: 1\nb: 2\n",
        "- 1\na: 1\n",
        "a: 'b\nc: d'\n",
        "a: {b: 1,\nc: 2}\n",
        "true: {}\nTrue: {}\n",
        "",
        "# nothing\n",
    ],
)
def test_anything_else_is_read_whole(text: str) -> None:
    assert sections.flat(text.encode()) is None
    agree(text.encode())


def test_a_section_that_stays_is_parsed_once() -> None:
    old, new = (sections.flat(f"a: [1, 2]\nb: {value}\n".encode()) for value in (1, 2))
    assert old is not None
    assert new is not None
    assert old["a"] is new["a"]
