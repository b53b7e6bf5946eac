"""Which commit a revert takes back, as Git, GitHub and people write it."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Author, Commit, FileChange
from dvc_changelog.history import parse_message, without_number
from dvc_changelog.insight import UNDONE, quoted, reverted, without_undone

TRIED, AGAIN, OTHER = "a" * 40, "b" * 40, "c" * 40


def commit(commit_id: str, text: str, at: int = 0, *paths: str) -> Commit:
    message = parse_message(text)
    files = tuple(FileChange(path, path, "1", "2") for path in paths)
    return Commit(
        *(commit_id, (), "", at, Author("", ""), message.subject),
        files=files,
        group=message.type,
        reverts=message.reverts,
    )


EARLIER = [
    commit(OTHER, 'Revert "feat: try bigrams (#7)" (#8)', 3),
    commit(AGAIN, "feat: try bigrams (#7)", 2),
    commit(TRIED, "try bigrams", 1),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Revert "try bigrams"\n\nThis reverts commit aaaaaaa.', TRIED),
        (f"Roll back\n\nReverts: {TRIED}", TRIED),
        (f'Revert "Merge x"\n\nThis reverts commit {AGAIN}, reversing\nchanges made to {TRIED}.', AGAIN),
        ('Revert "feat: try bigrams" (#9)', AGAIN),
        ('Revert "feat: try bigrams (#7)" (#9)\n\nReverts acme/router#7', AGAIN),
        ('Revert "Revert "feat: try bigrams (#7)" (#8)" (#10)', OTHER),
        ('Revert "plant a forest"', ""),
        ('Revert "try bigrams"\n\nThis reverts commit ddddddd.', ""),
        ("Revert to what we had", ""),
        ("Fix what 1234567 reverts", ""),
    ],
)
def test_a_revert_is_of_the_commit_that_it_means(text: str, expected: str) -> None:
    found = reverted(
        commit("d" * 40, text, 4),
        {c.id: c for c in EARLIER},
        lambda title: (c for c in EARLIER if without_number(c.message) == title),
    )
    assert found == expected


def test_the_subject_that_is_quoted_is_known_where_the_commit_is_not() -> None:
    assert quoted(commit("d" * 40, 'Revert "fix(api): answer (#7)" (#9)')) == "answer"


def test_a_revert_without_an_id_cancels_within_a_release() -> None:
    commits = [
        commit(OTHER, 'Revert "feat: try" (#8)', 2, "a.py"),
        commit(TRIED, "feat: try (#7)", 1, "a.py"),
    ]
    assert [c.group for c in without_undone(commits)] == [UNDONE, UNDONE]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ('Revert "try bigrams" (#9)', "revert"),
        ("Revert the parser\n\nThis reverts commit aaaaaaa.", "revert"),
        ("Revert to what we had", ""),
        ("fix: revert the parser", "fix"),
    ],
)
def test_what_calls_itself_a_revert_of_a_commit_is_one(text: str, group: str) -> None:
    assert parse_message(text).type == group
