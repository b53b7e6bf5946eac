"""What an artifact or a plot points to in Git, by what became of the file itself."""

from __future__ import annotations

import pytest

from dvc_changelog.diff import as_in_git
from dvc_changelog.domain import ChangeType, Content, Output, OutputChange, Role


def _output(path: str, oid: str) -> Output:
    return Output(path, Content("git", oid), Role.SOURCE)


ADDED = OutputChange(ChangeType.ADDED, "m", None, _output("m", "2"))
DELETED = OutputChange(ChangeType.DELETED, "m", _output("m", "2"), None)
RENAMED = OutputChange(ChangeType.RENAMED, "m", _output("w", "2"), _output("m", "2"), "w")


@pytest.mark.parametrize(
    ("change", "old", "new", "expected"),
    [
        (ADDED, {}, {"m": "2"}, ADDED),
        (ADDED, {"m": "2"}, {"m": "2"}, None),
        (
            ADDED,
            {"m": "1"},
            {"m": "2"},
            OutputChange(ChangeType.MODIFIED, "m", _output("m", "1"), _output("m", "2")),
        ),
        (DELETED, {"m": "2"}, {}, DELETED),
        (DELETED, {"m": "2"}, {"m": "2"}, None),
        (RENAMED, {"w": "2"}, {"m": "2"}, RENAMED),
        (RENAMED, {"w": "2"}, {"w": "2", "m": "2"}, ADDED),
        (RENAMED, {"w": "2", "m": "2"}, {"w": "2", "m": "2"}, None),
    ],
)
def test_a_file_comes_and_goes_with_git_and_not_with_who_points_to_it(
    change: OutputChange, old: dict[str, str], new: dict[str, str], expected: OutputChange | None
) -> None:
    assert as_in_git(change, lambda path: old.get(path, ""), lambda path: new.get(path, "")) == expected


def test_what_dvc_keeps_is_not_asked_of_git() -> None:
    kept = OutputChange(ChangeType.DELETED, "m", Output("m", Content("md5", "2"), Role.SOURCE), None)
    assert as_in_git(kept, lambda _: "1", lambda _: "1") is kept
