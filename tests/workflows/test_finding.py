"""What stands in the way of a release, in words: what is rare in a repository of a test."""

from __future__ import annotations

import math

import pytest

from dvc_changelog.domain import Alert, FindingKind
from dvc_changelog.history.uncommitted import Uncommitted
from dvc_changelog.insight.verdicts import GONE
from dvc_changelog.snapshot.pushed import Lack, Unpushed
from dvc_changelog.workflows.finding import (
    of_alerts,
    of_altered,
    of_tree,
    of_unpushed,
    of_untracked,
)

TREES = [
    (Uncommitted(), []),
    (Uncommitted(operation="bisect"), [("A `git bisect` is not done.", "`git bisect reset` ends it.")]),
    (
        Uncommitted(operation="rebase", conflicts=("a", "b")),
        [
            (
                "A `git rebase` is not done.",
                "`git rebase --continue` goes on with it, `git rebase --abort` takes it back.",
            ),
            ("a and b have conflicts.", "Resolve them, then `git add` and `git commit`."),
        ],
    ),
    (
        Uncommitted(changed=tuple("abcdefg")),
        [
            (
                "a, b, c, d, e and 2 more are changed and not committed.",
                "`git commit --all` commits it, `git stash` puts it away.",
            )
        ],
    ),
    (
        Uncommitted(submodules=("lib",), untracked=("x",)),
        [
            (
                "The submodule lib is not as committed.",
                "Commit inside and then `git add` it; `git submodule update` brings back what is committed.",
            )
        ],
    ),
    (
        Uncommitted(changed=("\udcff",)),  # as Python reads a name that is not UTF-8
        [
            (
                "� is changed and not committed.",
                "`git commit --all` commits it, `git stash` puts it away.",
            )
        ],
    ),
]


@pytest.mark.parametrize(("found", "expected"), TREES)
def test_what_git_has_not_committed_is_said(found: Uncommitted, expected: list[tuple[str, str]]) -> None:
    told = list(of_tree(found))
    assert [(item.what, item.remedy) for item in told] == expected
    assert {item.kind for item in told} <= {FindingKind.DIRTY}
    assert all(item.what.encode() for item in told)


def test_names_in_a_command_are_quoted_for_a_shell() -> None:
    (loose,) = of_untracked(["my data.dvc"], [])
    assert loose.remedy == "`git add 'my data.dvc'` and commit, or take it away."
    (altered,) = of_altered(["a b/x"], "a b")
    assert altered.remedy.startswith("`dvc --cd 'a b' commit` records what is there")


def test_a_file_to_be_written_over_is_told_once() -> None:
    assert [item.what for item in of_untracked(["dvc.yaml"], ["dvc.yaml"])] == [
        "dvc.yaml is not in Git and would be written over."
    ]


ALERTS = [
    (
        Alert("m.json", "auc", "max-drop", 0.01, 0.02),
        "threshold",
        "auc (m.json) got worse by 0.02, more than",
    ),
    (
        Alert("m.json", "auc", "min", 0.9, math.nan),
        "threshold",
        "auc (m.json) is no number; its limit is 0.9.",
    ),
    (Alert("m.json", "", "max", 50, 60, unit="ms"), "threshold", "m.json is 60 ms, over the limit of 50 ms."),
    (
        Alert("", "test.*", "min", 0.9, None, unchecked=GONE),
        "threshold",
        "test.* is not there any more; its limit is min = 0.9.",
    ),
    (
        Alert("m.json", "auc", "max-drop", 0.02, math.nan),
        "threshold",
        "auc (m.json) is no number; it may get worse by 0.02 at most.",
    ),
]


@pytest.mark.parametrize(("alert", "kind", "what"), ALERTS)
def test_a_limit_is_told_with_the_value(alert: Alert, kind: str, what: str) -> None:
    (told,) = of_alerts([alert])
    assert told.kind == kind
    assert what in told.what


UNPUSHED = [
    (
        Unpushed(Lack.NOWHERE, ("a",), "store"),
        "a is neither on the remote store nor in DVC's cache here.",
        "`dvc push` where the data is, or make it again (`dvc repro`, `dvc add`).",
    ),
    (
        Unpushed(Lack.NO_REMOTE, ("a", "b")),
        "a and b cannot be pushed: the project has no default remote.",
        "`dvc remote add --default NAME URL`; then `dvc push`.",
    ),
    (
        Unpushed(Lack.NO_REMOTE, ("a",), named=("one", "two")),
        "a cannot be pushed: the project has no default remote.",
        "`dvc remote default NAME`, one of one, two; then `dvc push`.",
    ),
    (
        Unpushed(Lack.UNKNOWN, ("a",), "store", "no way to https://me:secret@host/x"),
        "Nobody knows whether a is pushed: no way to https://host/x.",
        "Mend this, until `dvc push` works.",
    ),
    (
        Unpushed(Lack.UNKNOWN, (), reason="broken"),
        "Nobody knows whether the data of the project is pushed: broken.",
        "Mend this, until `dvc push` works.",
    ),
]


@pytest.mark.parametrize(("item", "what", "remedy"), UNPUSHED)
def test_why_data_is_not_on_a_remote_is_said(item: Unpushed, what: str, remedy: str) -> None:
    told = of_unpushed(item, "")
    assert (told.kind, told.what, told.remedy) == (FindingKind.NOT_PUSHED, what, remedy)
