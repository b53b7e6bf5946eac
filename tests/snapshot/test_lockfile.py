"""A lock in the form that DVC writes is parsed stage by stage: this must say what parsing it whole says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dvc_changelog.snapshot import lockfile
from dvc_changelog.snapshot.unreadable import UnreadableError

_FAILED = object()
EXAMPLES = 200

names = st.one_of(
    st.text("abz019_-@. ", min_size=1, max_size=8),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=8),
    st.sampled_from(
        ["train@adam-1", "1", "1e3", "true", "null", "~", "schema", "stages", "#x", "a: b", "<<", "-", "?"]
    ),
)
texts = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=30),
    st.text("ab \n\t#:'\"-|>", max_size=30),
    st.text("word and more ", min_size=70, max_size=200),
    st.sampled_from(
        ["python a.py\n  --x 1\n\n  stages:\n", "# none", "  x", "x\n", "a:\n  b:\n", "-  \n- b", "\n\nx"]
    ),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
digests = st.one_of(
    st.text("0123456789abcdef", min_size=32, max_size=32),
    st.sampled_from(["1" * 32, "1e" + "0" * 30, "0b" + "1" * 30, "0" * 31 + "a", "f" * 31, "ETag-1"]),
)
entries = st.fixed_dictionaries(
    {
        "path": names | st.sampled_from(["data/raw.csv", "a.b", "m@x.pkl", "../up/m.pkl", "true.x", "x/"]),
        "md5": digests | digests.map(lambda d: d + ".dir"),
    },
    optional={
        "hash": st.just("md5"),
        "size": st.integers(0) | st.just(10**4000),
        "nfiles": st.integers(0),
        "isexec": st.just(value=True),
    },
)
stages = st.fixed_dictionaries(
    {"cmd": texts | st.lists(texts, min_size=1, max_size=3)},
    optional={
        "deps": st.lists(entries, max_size=2),
        "outs": st.lists(entries, max_size=3),
        "params": st.dictionaries(names, st.dictionaries(names, values, max_size=3), max_size=2),
    },
)
locks = st.dictionaries(names, stages, min_size=1, max_size=4)


EDITS = [
    *(
        "# c\n",
        "  # c\n",
        "\n",
        "   \n",
        "  x:\n",
        "    cmd: y\n",
        "  'q r': {cmd: z}\n",
        "other: 1\n",
        "  - a\n",
    ),
    *("datasets: []\n", "<<<<<<< HEAD\n", "=======\n", ">>>>>>> b\n", "---\n", "...\n", "  ? k\n", "\t\n"),
    *("  <<: {x: {cmd: 1}}\n", "  &a b: &c {cmd: d}\n", "  e: *c\n", "  \t# x\n", "    outs: []\n", "\ufeff"),
    *(
        "%YAML 1.2\n",
        "    cmd: 'open\n",
        "  b: close'\n",
        '  "x\n',
        "    cmd: |\n",
        "  |\n",
        "  {\n",
        "  }\n",
    ),
]
"""Lines that a person, or a merge, may leave in a lock."""


def dumped(stages: dict[str, Any], **more: Any) -> bytes:
    """The lock as DVC's own writer puts it."""
    from dvc.utils.serialize import dumps_yaml

    return bytes(dumps_yaml({"schema": "2.0", "stages": stages, **more}).encode())


def whole(data: bytes) -> object:
    """What the parse of the whole text says."""
    from dvc_changelog.snapshot import yaml12

    try:
        return dict(lockfile.runs_of(yaml12.load(data)["stages"]))
    except UnreadableError:
        return _FAILED


def parsed(data: bytes) -> object:
    try:
        return lockfile.parse(data).runs
    except UnreadableError:
        return _FAILED


@settings(max_examples=EXAMPLES, deadline=None)
@given(locks)
@example({"a": {"cmd": "x"}, "b": {"cmd": "  two\n  lines\n\nx: 1\n"}})
def test_a_lock_that_dvc_wrote_says_the_same_stage_by_stage(stages: dict[str, Any]) -> None:
    data = dumped(stages)
    assert parsed(data) == whole(data)
    assert parsed(data.replace(b"\n", b"\r\n")) == whole(data.replace(b"\n", b"\r\n"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(locks, st.data())
def test_a_lock_that_a_person_or_a_merge_changed_says_the_same(
    stages: dict[str, Any], data: st.DataObject
) -> None:
    lines = dumped(stages).decode().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines)))
        change = data.draw(st.sampled_from(EDITS))
        if data.draw(st.booleans()) and lines:
            del lines[min(at, len(lines) - 1)]
        else:
            lines.insert(at, change)
    text = "".join(lines).encode()
    _agree_or_both_fail(text)


def _agree_or_both_fail(text: bytes) -> None:
    from dvc_changelog.snapshot import yaml12

    quick = lockfile.by_stage(text)
    if quick is None:
        return
    assert quick == dict(lockfile.runs_of(yaml12.load(text)["stages"]))


CANONICAL = b"schema: '2.0'\nstages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n"


@pytest.mark.parametrize(
    "text",
    [
        b"stages:\n  a:\n    cmd: x\nschema: '2.0'\n",
        b'schema: "2.0"\nstages:\n  a:\n    cmd: x\n',
        b"schema: '2.0'\nstages:\n    a:\n      cmd: x\n",
        b"schema: '2.0'\n\nstages:\n  a:\n    cmd: x\n",
        b"schema: '2.0'\nstages: {a: {cmd: x}}\n",
        CANONICAL + b"datasets: []\n",
        CANONICAL + b"# the end\n",
        CANONICAL.replace(b"  b:", b"# between\n  b:"),
        CANONICAL.replace(b"  b:", b"  # between\n  b:"),
        CANONICAL.replace(b"    cmd: y", b"  # within\n    cmd: y"),
        b"schema: '2.0'\nstages:\n  a: &a\n    cmd: x\n  b: *a\n",
        b"schema: '2.0'\nstages:\n  a:\n    cmd: x\n  a:\n    cmd: y\n",
    ],
)
def test_a_lock_in_another_form_is_read_whole(text: bytes) -> None:
    assert lockfile.by_stage(text) is None
    assert parsed(text) == whole(text)


@pytest.mark.parametrize(
    "text",
    [
        CANONICAL,
        CANONICAL + b"\n\n",
        CANONICAL.rstrip(),
        b"schema: '2.0'\nstages:\n  a:\n    cmd: 'x\n\n      y'\n  \"b: c\":\n    cmd: >-\n      z\n",
        b"schema: '2.0'\nstages:\n  a:\n    cmd: |\n      two\n\n      lines\n  b:\n    cmd: y\n",
    ],
)
def test_a_lock_in_dvcs_form_is_read_by_its_stages(text: bytes) -> None:
    assert lockfile.by_stage(text) is not None
    assert parsed(text) == whole(text)


def test_equal_stages_of_two_locks_are_one_object() -> None:
    old, new = lockfile.parse(CANONICAL), lockfile.parse(CANONICAL.replace(b"cmd: y", b"cmd: z"))
    assert old.runs["a"] is new.runs["a"]
    assert old.runs["b"].cmd == "y"
    assert new.runs["b"].cmd == "z"


@pytest.mark.parametrize(
    "text", [b"schema: '2.0'\n", b"schema: '2.0'\nstages:\n", b"", b"# nothing\n", b"{}\n"]
)
def test_a_lock_without_stages_has_no_runs(text: bytes) -> None:
    assert lockfile.parse(text).runs == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"- a\n", "not a lock file: no mapping at the top"),
        (b"schema: '2.0'\nstages: [a]\n", "not a lock file: its stages are no mapping"),
        (b"schema: '4.2'\nstages: {}\n", "a lock file of the unknown schema 4.2"),
        (CANONICAL + b"  a:\n    cmd: z\n", "duplicate key 'a' at line 7"),
        (CANONICAL.replace(b"cmd: y", b"cmd: [y"), "not valid YAML: line 7: "),
    ],
)
def test_what_is_no_lock_says_why(text: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as error:
        lockfile.parse(text)
    assert error.value.reason.startswith(reason)


def test_values_of_sections_have_dotted_names() -> None:
    text = b"schema: '2.0'\nstages:\n  a:\n    params: {p.yaml: {t.l: 1, s: {u: [1], v: {}}}}\n"
    assert lockfile.parse(text).runs["a"].params == ((("p.yaml", "t.l"), 1), (("p.yaml", "s.u"), [1]))
