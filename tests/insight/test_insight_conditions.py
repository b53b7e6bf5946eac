"""Questions to a value: how they are read, what they are true of, and when they became so."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.domain import Author, ChangeType, Commit, Condition, Content, Entry, Reading
from dvc_changelog.errors import UsageError
from dvc_changelog.insight import condition, holds, onsets


def value(of: object) -> Reading:
    return Reading("m.json", "auc", there=True, value=of)


UNREAD = Reading("m.json", "auc", there=True, unread="broken")
ABSENT = Reading("m.json", "auc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test.auc < 0.9", ("test.auc", "<", 0.9)),
        ("test.auc<=.5", ("test.auc", "<=", 0.5)),
        ("  lr>=1e-3 ", ("lr", ">=", 0.001)),
        ("a.b > -1", ("a.b", ">", -1)),
        ("metrics.json:auc != .nan", ("metrics.json:auc", "!=", math.nan)),
        ("model == xgboost", ("model", "==", "xgboost")),
        ("model == 'a < b'", ("model", "==", "a < b")),
        ("on == true", ("on", "==", True)),
        ("layers == [1, 2]", ("layers", "==", [1, 2])),
        ("'n < est' == 3", ("n < est", "==", 3)),
        ("n est == null", ("n est", "==", None)),
        ("name == @x", ("name", "==", "@x")),
    ],
)
def test_a_condition_is_a_target_a_sign_and_a_value(text: str, expected: tuple[str, str, object]) -> None:
    asked = condition(text)
    assert repr((asked.name, asked.operator, asked.operand)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("test.auc", "is no condition"),
        ("", "is no condition"),
        ("< 0.9", "is no condition"),
        ("test.auc <", "is no condition"),
        ("test.auc = 0.9", "write test.auc == 0.9"),
        ("test.auc =< 0.9", "write test.auc <= 0.9"),
        ("test.auc => 0.9", "write test.auc >= 0.9"),
        ("test.auc < high", "< compares numbers, and high is none"),
        ("test.auc < 0.9 and lr > 1", "Write one number after it"),
        ("test.auc >= true", ">= compares numbers, and true is none"),
        ("__import__('os').system('x')", "is no condition"),
    ],
)
def test_what_is_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("(", r"\(")):
        condition(text)


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        ("x < 0.9", value(0.8), True),
        ("x < 0.9", value(0.9), False),
        ("x <= 0.9", value(0.9), True),
        ("x > 1", value(True), False),
        ("x < 1", value("0.5"), False),
        ("x < 1", value(math.nan), False),
        ("x == .nan", value(math.nan), True),
        ("x == NaN", value(math.nan), True),
        ("x != NaN", value(math.nan), False),
        ("x == NaN", value("NaN"), True),
        ("x == -Infinity", value(-math.inf), True),
        ("x == Infinity", value(1.0), False),
        ("x == 1", value(1.0), True),
        ("x != 1", value(1.0), False),
        ("x == adam", value("adam"), True),
        ("x != adam", value("sgd"), True),
        ("x == [1, 2]", value([1, 2]), True),
        ("x < 1", UNREAD, None),
        ("x < 1", ABSENT, False),
        ("x != 1", ABSENT, False),
        ("x == abcd", Reading("d", there=True, content=Content("md5", "abcdef")), True),
        ("x == abc", Reading("d", there=True, content=Content("md5", "abcdef")), False),
        ("x == 1234", Reading("d", there=True, content=Content("md5", "123456")), True),
        ("x != abcd", Reading("d", there=True, content=Content("md5", "123456")), True),
    ],
)
def test_it_is_true_false_or_not_known(text: str, reading: Reading, expected: bool | None) -> None:
    assert holds(condition(text), reading) is expected


def entries(readings: list[Reading]) -> list[Entry]:
    """A life through these states, newest first; it began with nothing."""
    made = []
    for at, (old, new) in enumerate(zip([ABSENT, *readings], readings, strict=False)):
        commit = Commit(f"{at:040x}", (), "", at, Author("", ""), f"c{at}")
        made.append(Entry(commit, ChangeType.MODIFIED, old, new))
    return made[::-1]


def became(readings: list[Reading], asked: Condition) -> list[tuple[int, int | None, bool]]:
    """(from, until, sure) by the number of the state, oldest first."""
    return [
        (o.entry.commit.timestamp, o.until.commit.timestamp if o.until else None, o.sure)
        for o in reversed(onsets(asked, entries(readings)))
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([0.5], [(0, None, True)]),
        ([0.95, 0.5, 0.4, 0.97, 0.3], [(1, 3, True), (4, None, True)]),
        ([0.95, None, 0.5], [(2, None, False)]),
        ([0.5, None, 0.4], [(0, None, True)]),
        ([0.5, None, 0.95], [(0, 2, True)]),
        ([None, 0.5], [(1, None, False)]),
        ([None, 0.95, 0.5], [(2, None, True)]),
        ([0.95], []),
        ([None], []),
        ([], []),
    ],
)
def test_it_became_so_where_it_was_not_before(
    states: list[float | None], expected: list[tuple[int, int | None, bool]]
) -> None:
    """None is a state that cannot be read."""
    readings = [UNREAD if state is None else value(state) for state in states]
    assert became(readings, condition("auc < 0.9")) == expected


@given(st.lists(st.sampled_from([0.1, 0.2, 0.8, 0.9, ABSENT]), max_size=12))
def test_the_onsets_are_those_of_a_scan(states: list[float | Reading]) -> None:
    readings = [state if isinstance(state, Reading) else value(state) for state in states]
    so = [holds(condition("auc < 0.5"), reading) for reading in readings]
    expected = [n for n, now in enumerate(so) if now and not (n and so[n - 1])]
    assert [start for start, _, _ in became(readings, condition("auc < 0.5"))] == expected
