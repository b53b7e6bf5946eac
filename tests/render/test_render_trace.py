"""A life in words, in a table, as JSON, as bars: whatever the repository holds."""

from __future__ import annotations

import io
import json
import math
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from render.test_render_golden import agree
from rich.console import Console
from strategies import commits, contents, ids, names, revisions, tags, texts, values, whole

from dvc_changelog.domain import (
    Author,
    Cause,
    CauseKind,
    ChangeType,
    Commit,
    Condition,
    Content,
    Entry,
    Forge,
    Life,
    Onset,
    Reading,
    Revision,
    Subject,
    Traced,
)
from dvc_changelog.insight import Turn, change_of, delta_of, onsets
from dvc_changelog.render import trace, trace_json, trace_terminal
from dvc_changelog.render.schemas import schema

HEAD = Revision("a" * 40, "b" * 40, 1_770_000_000, "HEAD")
ADA = Author("Ada", "ada@example.org")


def commit(number: int, message: str) -> Commit:
    return Commit(f"{number}" * 40, (), "", 1_760_000_000 + number * 86_400, ADA, message)


def auc(value: object) -> Reading:
    return Reading("metrics.json", "auc", there=True, value=value)


SUBJECT = Subject(Traced.METRIC, "metrics.json", "auc")
ABSENT = Reading("metrics.json", "auc")
BROKEN = Reading("metrics.json", "auc", there=True, unread="metrics.json: not valid JSON: line 1")


def metric() -> Life:
    """A metric that fell, could not be read, and came back."""
    because = (Cause(CauseKind.PARAM, "params.yaml", "train.n_est", old=100, new=10),)
    entries = (
        Entry(commit(4, "Back"), ChangeType.UNKNOWN, BROKEN, auc(0.95)),
        Entry(commit(3, "Merge | by hand"), ChangeType.UNKNOWN, auc(0.7), BROKEN, "v1.1.0"),
        Entry(
            *(commit(2, "Fewer trees"), ChangeType.MODIFIED, auc(0.9), auc(0.7), "v1.1.0", -0.2),
            because=because,
            reasons=("It cost too much.",),
        ),
        Entry(commit(1, "Start"), ChangeType.ADDED, ABSENT, auc(0.9), "v1.0.0"),
    )
    asked = Condition("auc", "<", 0.8, "auc < 0.8")
    onsets = (Onset(entries[2], entries[0]),)
    subject = Subject(Traced.METRIC, "metrics.json", "auc")
    return Life(subject, HEAD, auc(0.95), entries, condition=asked, onsets=onsets, holds=False)


def model() -> Life:
    """A model that moved, was retrained, and is back where it was, since v1."""
    first, second = (Content("md5", digit * 32, 1_000_000) for digit in "12")
    old = Reading("old.pkl", there=True, content=first)
    kept, other = (Reading("model.pkl", there=True, content=content) for content in (first, second))
    entries = (
        Entry(commit(4, "Drop"), ChangeType.DELETED, kept, Reading("model.pkl"), moved_to="net.pkl"),
        Entry(commit(3, "Revert"), ChangeType.MODIFIED, other, kept, again="2" * 40, again_in="v1.0.0"),
        Entry(commit(2, "Retrain"), ChangeType.MODIFIED, kept, other),
        Entry(commit(2, "Move"), ChangeType.RENAMED, old, kept),
    )
    before = Entry(commit(1, "Start"), ChangeType.ADDED, Reading("old.pkl"), old, "v1")
    subject = Subject(Traced.OUTPUT, "model.pkl", artifact="net")
    forge = Forge("github", "https://github.com/x/y")
    return Life(subject, HEAD, Reading("model.pkl"), entries, "v1", before, forge=forge)


LIVES = {"metric": metric, "model": model}


@pytest.mark.parametrize("name", LIVES)
def test_a_life_reads_as_its_golden_document(name: str) -> None:
    agree(f"trace-{name}.md", trace.markdown(LIVES[name]()))


@pytest.mark.parametrize("name", LIVES)
def test_a_life_is_drawn_as_its_golden_text(name: str) -> None:
    agree(f"terminal-trace-{name}.txt", drawn(LIVES[name]()))


def asked(*readings: Reading, before: Reading | None = None, holds: bool | None = False) -> str:
    """What is said of `auc < 0.8` and of a life through these states, oldest first."""
    condition = Condition("auc", "<", 0.8, "auc < 0.8")
    states = [before or ABSENT, *readings]
    entries = [
        Entry(commit(at, f"c{at}"), change_of(Turn("", SUBJECT, old, new)), old, new)
        for at, (old, new) in enumerate(pairwise(states), 1)
    ][::-1]
    start = Entry(commit(9, "Start"), ChangeType.ADDED, ABSENT, before) if before else None
    life = Life(
        *(SUBJECT, HEAD, states[-1], tuple(entries), "v1" if before else "", start, condition),
        onsets=tuple(onsets(condition, entries)),
        holds=holds,
    )
    return trace.markdown(life)


def test_what_was_so_already_and_no_more_did_not_hold_all_along() -> None:
    text = asked(auc(0.9), before=auc(0.7))
    assert "`auc < 0.8` was so already, until `1111111` (unreleased)" in text
    assert "all along" not in text
    assert "held all along since v1." in asked(auc(0.75), before=auc(0.7), holds=True)


def test_never_is_not_said_of_what_cannot_be_read() -> None:
    assert "was never so." in asked(auc(0.9))
    assert "was never so, as far as it can be read here." in asked(auc(0.9), BROKEN, auc(0.95))


def test_what_comes_back_is_not_from_the_beginning() -> None:
    text = asked(auc(0.9), ABSENT, auc(0.7), holds=True)
    assert "became so when it came back (unreleased) with `3333333`" in text
    assert [line.split(" | ")[3] for line in text.splitlines()[-3:]] == ["there again", "removed", "new"]


def test_what_may_be_why_is_told_so() -> None:
    because = (Cause(CauseKind.FILE, "fit.py", commits=("1" * 40,), recorded=False),)
    entry = Entry(commit(1, "x"), ChangeType.MODIFIED, auc(1), auc(2), because=because)
    shown = trace.markdown(Life(SUBJECT, HEAD, auc(2), (entry,)))
    assert "perhaps `fit.py` changed (`1111111`), which its stage runs but does not depend on" in shown


def test_what_a_stage_asks_for_otherwise_is_told_of_its_stage() -> None:
    because = (
        Cause(CauseKind.PARAM, "params.yaml", "lr", change=ChangeType.DELETED, old=1),
        Cause(CauseKind.DATA, "raw", change=ChangeType.ADDED),
        Cause(CauseKind.PARAM, "params.yaml", "l2", change=ChangeType.UNKNOWN, new=1),
    )
    entry = Entry(commit(1, "x"), ChangeType.MODIFIED, auc(1), auc(2), because=because)
    shown = trace.markdown(Life(SUBJECT, HEAD, auc(2), (entry,)))
    told = ("no longer uses `lr`", "now depends on `raw`", "last ran with `l2`, which it no longer uses")
    assert all(f"its stage {each}" in shown for each in told)
    assert '""' not in shown


def of_param(name: str, *values: object, condition: bool = False) -> str:
    """A param through these values, oldest first; where the file moves, a pair (path, value)."""
    readings = [Reading("params.yaml", name)]
    for one in values:
        path, value = one if isinstance(one, tuple) else ("params.yaml", one)
        readings.append(Reading(path, name, there=True, value=value))
    subject = Subject(Traced.PARAM, readings[-1].path, name)
    entries = tuple(
        Entry(commit(at, f"c{at}"), change_of(turn), old, new, delta=delta_of(old, new))
        for at, (old, new) in enumerate(pairwise(readings), 1)
        for turn in (Turn("", subject, old, new),)
    )[::-1]
    asked = Condition(name, ">", 2024, f"{name} > 2024") if condition else None
    found = tuple(onsets(asked, entries)) if asked else ()
    return trace.markdown(
        Life(subject, HEAD, readings[-1], entries, condition=asked, onsets=found, holds=True)
    )


def rows(shown: str) -> list[str]:
    return [" | ".join(line.split(" | ")[2:4]) for line in shown.splitlines() if line.startswith("| Unrel")]


def test_a_number_of_a_param_stands_as_it_is_written() -> None:
    shown = of_param("year", 2024, 20_250_117, 1234.56789, condition=True)
    assert "Now 1234.56789." in shown
    assert ", between 1234.56789 and 20250117." in shown
    assert ": 2024 → 20250117;" in shown
    assert rows(shown) == [
        "1234.56789 | \N{MINUS SIGN}20248882 (\N{MINUS SIGN}100 %)",
        "20250117 | +20248093 (+1000400 %)",
        "2024 | new",
    ]


def test_a_seed_is_no_quantity() -> None:
    shown = of_param("model.seed", 20_220_117, 2023, ("hp.yaml", 2024), ("conf.yaml", 2024))
    assert "between" not in shown
    assert rows(shown) == [
        "2024 | was `hp.yaml:model.seed`",
        "2024 | was `params.yaml:model.seed`, changed",
        "2023 | changed",
        "20220117 | new",
    ]


def test_what_moved_with_another_value_says_both() -> None:
    shown = of_param("lr", 0.5, ("conf.yaml", 1.0), ("hp.yaml", "auto"))
    assert rows(shown) == [
        "`auto` | was `conf.yaml:lr`, changed",
        "1.0 | was `params.yaml:lr`, +0.5 (+100 %)",
        "0.5 | new",
    ]


def drawn(life: Life) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False, soft_wrap=True, legacy_windows=False)
    trace_terminal.draw(life, console)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")).rstrip() + "\n"


@pytest.mark.parametrize(
    ("numbers", "bars"),
    [
        ([], ""),
        ([1.0], ""),
        ([1.0, None], ""),
        ([1.0, 1.0], "▁▁"),
        ([0.0, 1.0], "▁█"),
        ([0, 7, 3], "▁█▄"),
        ([0.0, None, 1.0, math.nan, math.inf], "▁ █  "),
        ([-1e308, 1e308, 0.0], "▁█▅"),
        ([10**400, 1, 2], " ▁█"),
    ],
)
def test_numbers_are_bars_with_gaps(numbers: list[float | None], bars: str) -> None:
    assert trace_terminal.sparkline(numbers) == bars


def test_of_many_numbers_the_last_are_drawn() -> None:
    assert len(trace_terminal.sparkline(list(range(1000)))) == 60


readings = st.one_of(
    st.builds(Reading, names, names),
    st.builds(Reading, names, names, st.just(True), values),
    st.builds(Reading, names, st.just(""), st.just(True), st.none(), contents),
    st.builds(Reading, names, names, st.just(True), st.none(), st.none() | contents, texts.filter(bool)),
)
causes = st.builds(
    Cause,
    st.sampled_from([kind for kind in CauseKind if kind is not CauseKind.IMPORT]),
    names,
    st.just("") | names,
    old=values,
    new=values,
)
entries = st.builds(
    Entry,
    commits,
    st.sampled_from(ChangeType),
    readings,
    readings,
    st.just("") | tags,
    st.none() | st.floats(),
    st.just("") | names,
    st.just("") | ids,
    st.just("") | tags,
    st.lists(causes, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)
conditions = st.builds(Condition, names, st.just("<"), st.floats(), texts) | st.builds(
    Condition, names, st.just("=="), st.floats() | texts, texts
)
lives = st.builds(
    Life,
    st.builds(Subject, st.sampled_from(Traced), names, st.just("") | names, st.just("") | names),
    revisions(st.none()),
    readings,
    st.lists(entries, max_size=3).map(tuple),
    st.just("") | names,
    st.none() | entries,
    st.none() | conditions,
    st.lists(st.builds(Onset, entries, st.none() | entries, st.booleans()), max_size=2).map(tuple),
    st.none() | st.booleans(),
)


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema("trace"))


def read(text: str) -> Any:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@given(lives)
@whole
def test_every_life_is_valid_json(life: Life) -> None:
    validator().validate(read(trace_json.document(life)))


@given(lives)
@whole
def test_every_life_is_one_table_of_as_many_rows(life: Life) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(trace.markdown(life))
    rows = [token for token in tokens if token.type == "tr_open"]
    entries = len(life.entries) + bool(life.before)
    assert len(rows) == (entries + 1 if entries else 0)


@given(lives)
@whole
def test_no_text_of_the_repository_controls_the_terminal(life: Life) -> None:
    told = drawn(life)
    assert {char for char in told if unicodedata.category(char) in {"Cc", "Cs"}} <= {"\n"}
    told.encode("utf-8")
