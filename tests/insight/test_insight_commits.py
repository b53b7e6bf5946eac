"""Which group a commit has, what a revert undoes, and what trailers tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as drawn
from strategies import commits

from dvc_changelog.domain import Author, Commit, Content, FileChange, Note, Touch
from dvc_changelog.insight import (
    HOUSEKEEPING,
    UNDONE,
    Files,
    Known,
    files_between,
    grouped,
    notes,
    without_undone,
)

KINDS = {"Reason": "reason", "Known-Issue": "known-issue", "Dropped": ""}


def commit(letter: str, *paths: str, group: str = "", reverts: str = "") -> Commit:
    files = tuple(FileChange(path, path, "a", "b") for path in paths)
    return Commit(
        letter * 40, (), "", 0, Author("", ""), "Work", files=files, group=group, reverts=reverts * 40
    )


def group_of(given: Commit) -> str:
    return grouped([given], Known(), lambda _: ())[0].group


@pytest.mark.parametrize(
    ("given", "group"),
    [
        (commit("a", "src/a.py", group="feat"), "feat"),
        (commit("a", "data/x.csv", group="docs"), "docs"),
        (commit("a", "data/x.csv", "README.md"), "data"),
        (commit("a", "README.md"), "docs"),
        (commit("a", ".gitignore"), HOUSEKEEPING),
        (commit("a"), HOUSEKEEPING),
    ],
)
def test_the_convention_goes_before_what_was_touched(given: Commit, group: str) -> None:
    assert group_of(given) == group


@drawn(commits)
def test_a_grouped_commit_is_the_same_otherwise(given: Commit) -> None:
    assert given.grouped("x", (Touch.DATA,)) == replace(given, group="x", touches=(Touch.DATA,))


def test_a_commit_of_the_convention_still_says_what_it_touched() -> None:
    told = grouped([commit("a", "data/x.csv", group="feat")], Known(), lambda _: ())[0]
    assert [touch.value for touch in told.touches] == ["data"]


@pytest.mark.parametrize(
    ("story", "undone"),
    [
        # Newest first, as in a release: (commit, what it reverts).
        ([("b", "a"), ("a", "")], "ab"),
        ([("c", ""), ("b", "a"), ("a", "")], "ab"),
        ([("c", "b"), ("b", "a"), ("a", "")], "bc"),
        ([("d", "c"), ("c", "b"), ("b", "a"), ("a", "")], "abcd"),
        ([("b", "x"), ("a", "")], ""),
        ([("c", "a"), ("b", "a"), ("a", "")], "ac"),
        ([("a", "a")], ""),
        ([("a", ""), ("b", "a")], ""),
    ],
    ids=[
        "a revert undoes its commit",
        "others stay",
        "a revert of a revert brings the first back",
        "and so on",
        "what another release holds cannot be undone here",
        "a commit is undone once",
        "a commit does not revert itself",
        "nor one that came after it",
    ],
)
def test_a_revert_and_its_commit_cancel(story: list[tuple[str, str]], undone: str) -> None:
    told = without_undone([commit(letter, reverts=target) for letter, target in story])
    assert "".join(sorted(c.id[0] for c in told if c.group == UNDONE)) == undone
    assert [c.id[0] for c in told] == [letter for letter, _ in story]


def test_a_revert_that_does_more_stays() -> None:
    story = [commit("b", "a.py", "more.py", reverts="a"), commit("a", "a.py")]
    assert UNDONE not in {c.group for c in without_undone(story)}


def test_a_revert_may_name_its_commit_in_short() -> None:
    revert = replace(commit("b"), reverts="a" * 7)
    assert [c.group for c in without_undone([revert, commit("a")])] == [UNDONE, UNDONE]


@pytest.mark.parametrize(
    ("key", "value", "kind", "text"),
    [
        ("Reason", "Drift in March", "reason", "Drift in March"),
        ("REASON", "  two\n lines ", "reason", "two lines"),
        ("known-issue", "Short texts", "known-issue", "Short texts"),
    ],
)
def test_a_trailer_that_is_configured_is_a_note(key: str, value: str, kind: str, text: str) -> None:
    given = replace(commit("a"), trailers=((key, value),))
    assert notes([given], KINDS) == [Note(kind, text, given.id)]


@pytest.mark.parametrize(("key", "value"), [("Signed-off-by", "Ada"), ("Reason", "  "), ("Dropped", "x")])
def test_another_trailer_is_none(key: str, value: str) -> None:
    assert notes([replace(commit("a"), trailers=((key, value),))], KINDS) == []


GITHUB = """* 600 more posts

Reason: April
  and May

* other

reason: TODO
* Reason: Ümlauts too
Note: a line of prose"""


def test_reasons_in_the_midst_of_a_squash_are_notes() -> None:
    given = replace(commit("a"), body=GITHUB)
    assert notes([given], KINDS) == [
        Note("reason", "April and May", given.id),
        Note("reason", "Ümlauts too", given.id),
    ]
    assert notes([given], {"Known-issue": "known-issue"}) == []


def test_a_reason_in_a_body_is_not_told_again() -> None:
    """A merge, or a squash, may repeat what its commits say."""
    merge = replace(commit("b"), body="Reason: April")
    first = replace(commit("a"), trailers=(("Reason", "April"),))
    assert notes([merge, first], KINDS) == [Note("reason", "April", first.id)]


def test_a_note_said_twice_in_a_commit_is_told_once() -> None:
    given = replace(commit("a"), trailers=(("Reason", "x"), ("reason", "x")))
    assert notes([given, given], KINDS) == [Note("reason", "x", given.id)]


@pytest.mark.parametrize(
    ("old", "new", "files"),
    [
        ("", "", None),
        ("a1", "", None),
        ("a1b1", "a1b1", Files()),
        ("a1b3", "a2c1d5", Files(("c", "d"), ("b",), ("a",))),
        ("a1b3c3", "a1c3d3", Files(renamed=(("b", "d"),))),
    ],
)
def test_files_are_compared_where_both_sides_list_them(old: str, new: str, files: Files | None) -> None:
    assert files_between(_listing(old), _listing(new)) == files


def test_a_directory_without_files_is_known_to_have_none() -> None:
    """Its hash alone says so: no listing is needed."""
    empty = Content("md5", "d751713988987e9331980363e24189ce.dir", 0, 0)
    assert files_between(empty, _listing("a1")) == Files(added=("a",))
    assert files_between(_listing("a1"), empty) == Files(deleted=("a",))


def _listing(text: str) -> Content:
    listed = tuple((text[n], text[n + 1], None) for n in range(0, len(text), 2))
    return Content("version_id", text, files=listed)
