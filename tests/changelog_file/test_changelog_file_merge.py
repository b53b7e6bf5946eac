"""One section, three ways: a table of what the tool wrote, what a person made of it, and what comes out."""

from __future__ import annotations

import pytest

from dvc_changelog.changelog_file.body import Body, identity
from dvc_changelog.changelog_file.merge import merged


def body(text: str) -> Body:
    return Body.of(text.split("\n"))


CASES = {
    "a line by hand stays after its line": (
        "## 1\n\n- a\n- b",
        "## 1\n\n- a\n- hand\n- b",
        "## 1\n\n- a\n- new\n- b",
        "## 1\n\n- a\n- hand\n- new\n- b",
    ),
    "a paragraph by hand under the heading stays there": (
        "## 1\n\nHead.\n\n- a",
        "## 1\n\nBy hand.\n\nHead.\n\n- a",
        "## 1\n\nOther head.\n\n- a",
        "## 1\n\nBy hand.\n\nOther head.\n\n- a",
    ),
    "a removed line does not come back": (
        "## 1\n\n- a\n- b\n- c",
        "## 1\n\n- a\n- c",
        "## 1\n\n- a\n- b\n- c\n- d",
        "## 1\n\n- a\n- c\n- d",
    ),
    "a removed line that the tool moves does not come back": (
        "## 1\n\n- a\n- b\n- c",
        "## 1\n\n- a\n- c",
        "## 1\n\n- b\n- a\n- c",
        "## 1\n\n- a\n- c",
    ),
    "an edited line stays edited, in its place": (
        "## 1\n\n- a\n- b",
        "## 1\n\n- a\n- b, in better words",
        "## 1\n\n- a\n- new\n- b",
        "## 1\n\n- a\n- new\n- b, in better words",
    ),
    "a line that the tool no longer writes goes": (
        "## 1\n\n- a\n- b",
        "## 1\n\n- a\n- b\n- hand",
        "## 1\n\n- a\n- c",
        "## 1\n\n- a\n- c\n- hand",
    ),
    "a note below a replaced line stays between its neighbours": (
        "## 1\n\n- a\n- b",
        "## 1\n\n- a\n  - hand\n- b",
        "## 1\n\n- A\n- b",
        "## 1\n\n- A\n  - hand\n- b",
    ),
    "without neighbours a line goes to the end of its subsection": (
        "## 1\n\n### Data\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- a\n- hand\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- b\n- c\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- b\n- c\n- hand\n\n### Why\n\n- w",
    ),
    "without its subsection a line goes below the headline": (
        "## 1\n\nHead.\n\n### Data\n\n- a\n\n### Why\n\n- w",
        "## 1\n\nHead.\n\n### Data\n\n- a\n- hand\n\n### Why\n\n- w",
        "## 1\n\nHead.\n\n### Why\n\n- w",
        "## 1\n\nHead.\n\n- hand\n\n### Why\n\n- w",
    ),
    "a subsection by hand does not take in new lines": (
        "## 1\n\n### Data\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- a\n\n### Notes\n\nMine.\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- a\n- b\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- a\n- b\n\n### Notes\n\nMine.\n\n### Why\n\n- w",
    ),
    "a subsection by hand at the end stays at the end": (
        "## 1\n\n- a",
        "## 1\n\n- a\n\n### Notes\n\nMine.",
        "## 1\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n- a\n\n### Notes\n\nMine.\n\n### Why\n\n- w",
    ),
    "a removed subsection stays away with what is new in it": (
        "## 1\n\n### Data\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- a\n- b\n\n### Why\n\n- w\n- x",
        "## 1\n\n### Why\n\n- w\n- x",
    ),
    "a reworded subsection gets what is new in it": (
        "## 1\n\n### Data\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Data sets\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Data\n\n- b\n- a\n\n### Why\n\n- w",
        "## 1\n\n### Data sets\n\n- b\n- a\n\n### Why\n\n- w",
    ),
    "a row by hand stays in its table": (
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n| hand | 2 |\n\nA note.",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n| y | 3 |",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n| hand | 2 |\n| y | 3 |\n\nA note.",
    ),
    "a note below a table does not cut it in two": (
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\n- z",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\nA note.\n\n- z",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n| y | 3 |\n\n- z",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n| y | 3 |\n\nA note.\n\n- z",
    ),
    "a removed table stays away with its new rows": (
        "## 1\n\nHead.\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\n- z",
        "## 1\n\nHead.\n\n- z",
        "## 1\n\nHead.\n\n| M | A |\n|:--|--:|\n| x | 2 |\n\n- z",
        "## 1\n\nHead.\n\n- z",
    ),
    "a new table is whole though one like it was removed": (
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\n- z",
        "## 1\n\n- z",
        "## 1\n\n- z\n\n| N | B |\n|:--|--:|\n| n | 2 |",
        "## 1\n\n- z\n\n| N | B |\n|:--|--:|\n| n | 2 |",
    ),
    "a removed fold stays away though its count changes": (
        "## 1\n\n- z\n\n<details><summary>1 more</summary>\n\n- a\n\n</details>\n\n- y",
        "## 1\n\n- z\n\n- y",
        "## 1\n\n- z\n\n<details><summary>2 more</summary>\n\n- a\n- b\n\n</details>\n\n- y",
        "## 1\n\n- z\n\n- y",
    ),
    "a fold with a summary by hand stays balanced": (
        "## 1\n\n<details><summary>1 more</summary>\n\n- a\n\n</details>",
        "## 1\n\n<details><summary>Chores</summary>\n\n- a\n\n</details>",
        "## 1\n\n<details><summary>2 more</summary>\n\n- a\n- b\n\n</details>",
        "## 1\n\n<details><summary>Chores</summary>\n\n- a\n- b\n\n</details>",
    ),
    "a heading by hand stays the only one": (
        "## 1 - 2026-01-01\n\n- a",
        "## 1, the big one\n\n- a",
        "## 1 - 2026-01-02\n\n- a\n- b",
        "## 1, the big one\n\n- a\n- b",
    ),
    "what a formatter did is no edit": (
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\n- a\n- b",
        "## 1\n\n| M   |   A |\n| :-- | --: |\n| x   |   1 |\n\n* a\n* b",
        "## 1\n\n| M | A |\n|:--|--:|\n| x | 1 |\n\n- a\n- c",
        "## 1\n\n| M   |   A |\n| :-- | --: |\n| x   |   1 |\n\n* a\n- c",
    ),
    "headings in code are text": (
        "## 1\n\n- a",
        "## 1\n\n- a\n\n```sh\n## no heading\n```",
        "## 1\n\n- a\n\n### Why\n\n- w",
        "## 1\n\n- a\n\n```sh\n## no heading\n```\n\n### Why\n\n- w",
    ),
    "an emptied section stays empty": ("## 1\n\n- a", "", "## 1\n\n- a\n- b", ""),
    "blank lines of the person's stay": (
        "## 1\n\n- a\n- b",
        "## 1\n\n\n\n- a\n\n- b",
        "## 1\n\n- a\n- b\n- c",
        "## 1\n\n\n\n- a\n\n- b\n- c",
    ),
}


@pytest.mark.parametrize(("base", "theirs", "new", "expected"), CASES.values(), ids=CASES)
def test_a_section_is_merged_three_ways(base: str, theirs: str, new: str, expected: str) -> None:
    base_print = body(base).fingerprint
    actual = merged(base_print, body(theirs), body(new))
    assert expected == "\n".join(actual.raw())
    assert actual == merged(body(new).fingerprint, actual, body(new))


def test_without_a_fingerprint_what_is_equal_is_the_tools_and_the_rest_by_hand() -> None:
    theirs = body("## 1\n\n- b\n- a\n- hand")
    new = body("## 1\n\n- a\n- b\n- c")
    assert sorted(merged(None, theirs, new).texts) == ["## 1", "- a", "- b", "- c", "- hand"]


def test_a_release_takes_over_what_was_written_into_the_unreleased_part() -> None:
    old = body("## Unreleased\n\nTwo changes.\n\n### Data\n\n- a")
    theirs = body("## [Unreleased]\n\nMine.\n\nTwo changes.\n\n### Data\n\n- a\n- hand")
    new = body("## [2.0]\n\nThree changes.\n\n### Data\n\n- a\n- b")
    assert merged(old.fingerprint, theirs, new, moved=True).raw() == [
        *["## [2.0]", "", "Three changes.", "", "Mine.", ""],
        *["### Data", "", "- a", "- hand", "- b"],
    ]


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("- a  ", "- a"),
        ("* a", "- a"),
        ("| a | b |", "|a|b|"),
        ("| :--- | ---: |", "|:-|-:|"),
    ],
)
def test_lines_that_differ_in_form_only_are_one(line: str, same: str) -> None:
    assert identity(line) == identity(same)


@pytest.mark.parametrize(("line", "other"), [("- a", "- b"), ("- a", "  - a"), ("a - b", "a -- b")])
def test_lines_that_differ_in_content_are_two(line: str, other: str) -> None:
    assert identity(line) != identity(other)
