"""What people wrote into tags, as it stands at the top of a release."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.domain import Note
from dvc_changelog.render.entry import quoted
from dvc_changelog.render.quotes import quoted as quotes
from dvc_changelog.render.shapes import LIMIT


def written(text: str, tag: str = "v1", fold: int = 15) -> list[str]:
    (quote,) = quotes([Note("tag", text, tag=tag)], "v1")
    return quoted(quote, fold).removesuffix("\n").split("\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Better", ["> Better"]),
        ("# no `code`", ["> \\# no `code`"]),
        ("a: 1\nb: 2", ["> a: 1\\", "> b: 2"]),
        ("a:\n- b\n- c", ["> a:", ">", "> - b", "> - c"]),
        ("1. a\n2. <b>", ["> 1. a", "> 2. \\<b\\>"]),
        ("a\n\nb", ["> a", ">", "> b"]),
        ("- - a", ["> - \\- a"]),
    ],
)
def test_words_are_quoted_as_they_were_meant(text: str, lines: list[str]) -> None:
    assert written(text) == lines


def test_words_of_another_tag_say_whose() -> None:
    assert written("Better", "v1-rc.1") == ["> Better", ">", "> — `v1-rc.1`"]


def test_many_lines_fold_after_the_first_paragraph() -> None:
    told = written("First\n\n- a\n- b\n- c", fold=3)
    assert told == [
        *("> First", ">", "> <details><summary>3 more lines</summary>", ">", ">", "> - a", "> - b", "> - c"),
        *(">", "> </details>"),
    ]


def test_a_line_that_folding_leaves_last_does_not_end_in_a_break() -> None:
    assert written("a\nb\\\nc\nd", fold=2)[:3] == ["> a\\", "> b\\\\", ">"]


def test_of_very_many_lines_the_rest_is_counted() -> None:
    told = written("\n".join(f"- {n}" for n in range(LIMIT + 7)))
    assert "> … and 7 more lines, in `--format json`" in told
    assert f"> - {LIMIT}" not in told


@given(st.text(max_size=60), st.integers(0, 3))
def test_every_line_is_within_the_quote(text: str, fold: int) -> None:
    assert all(line.startswith(">") for line in written(text, fold=fold))
