"""A .dvcignore that hides an output: DVC itself says what it refuses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from dvc.exceptions import DvcException
from dvc.repo import Repo
from snapshot.agreement import quiet_dvc
from workflows.branches import begun, branch, checked, dvcfile, only, project, told

from dvc_changelog.domain import Review

if TYPE_CHECKING:
    from pathlib import Path

    from gitrepo import GitRepo

__all__ = ["begun", "branch", "quiet_dvc"]

COMMENTS = "# Add patterns of files dvc should ignore, which could improve\n# the performance.\n"


def hidden(review: Review) -> list[tuple[str, str]]:
    """The .dvcignore and what it hides."""
    return [(f.path, f.subject) for f in review.findings if f.path.endswith(".dvcignore")]


def refusal(place: Path) -> str:
    """What DVC says as it reads all outputs; "" where it does."""
    try:
        Repo(str(place)).index.outs  # noqa: B018  # it is read as it is asked for
    except DvcException as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ("data.csv\n", [(".dvcignore", "data.csv")]),
        ("*.pkl\n", [(".dvcignore", "model.pkl")]),
        ("m.json\n", [(".dvcignore", "m.json")]),  # one that Git keeps is an output, too
        ("*.csv\n!data.csv\n", []),
        ("labels.csv\nparams.yaml\n", []),  # what a stage only reads may be hidden
        ("raw/\n", [(".dvcignore", "raw")]),
        ("data.csv/\n", []),
        (COMMENTS, []),
    ],
)
@pytest.mark.usefixtures("quiet_dvc")
def test_what_dvc_refuses_is_found(branch: GitRepo, patterns: str, expected: list[tuple[str, str]]) -> None:
    directory = dvcfile("raw", "1").replace("size: 2", "size: 2, nfiles: 1").replace(", size", ".dir, size")
    branch.commit("Raw", {"raw.dvc": directory})
    branch.git("checkout", "-q", "-b", "further")
    at = branch.commit("Ignore", {".dvcignore": patterns})
    review = checked(branch, "tune", "further")
    assert hidden(review) == expected
    assert told(review) == [("unreadable", at[:7], subject) for _, subject in expected]
    (branch.path / "raw").mkdir()  # of a directory that is not there DVC does not know that it is one
    assert ("is ignored by" in refusal(branch.path)) is bool(expected)


def test_the_line_to_take_out_is_named(branch: GitRepo) -> None:
    branch.commit("Ignore", {".dvcignore": f"{COMMENTS}*.pkl\n"})
    found = only(checked(branch))
    assert found.what == ".dvcignore hides model.pkl, which DVC is to track: it refuses the whole project."
    assert found.remedy == "Take the line `*.pkl` out of .dvcignore."


def test_what_was_hidden_before_is_not_the_branchs(branch: GitRepo) -> None:
    branch.commit("Ignore", {".dvcignore": "*.pkl\n"})
    branch.git("checkout", "-q", "-b", "further")
    branch.commit("More", {".dvcignore": "*.pkl\n*.tmp\n"})
    assert hidden(checked(branch, "tune", "further")) == []
    branch.commit("A model", {"x.pkl.dvc": dvcfile("x.pkl", "1")})
    assert hidden(checked(branch, "tune", "further")) == [(".dvcignore", "x.pkl")]


def test_an_output_that_comes_may_be_hidden_by_what_stood_there(branch: GitRepo) -> None:
    branch.commit("Ignore", {".dvcignore": "*.tmp\n"})
    branch.git("checkout", "-q", "-b", "further")
    branch.commit("Add", {"x.tmp.dvc": dvcfile("x.tmp", "1")})
    assert hidden(checked(branch, "tune", "further")) == [(".dvcignore", "x.tmp")]


def test_one_below_counts_and_one_above_the_project_does_not(repo: GitRepo) -> None:
    inside = {f"sub/{path}": text for path, text in project().items()}
    repo.commit("Begin", {**inside, ".dvc/config": "", "sub/deep/d.csv.dvc": dvcfile("d.csv", "1")})
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("Above", {".dvcignore": "*.pkl\n"})
    assert hidden(checked(repo)) == []
    repo.commit("Below", {"sub/deep/.dvcignore": "*.csv\n"})
    assert hidden(checked(repo)) == [("sub/deep/.dvcignore", "sub/deep/d.csv")]


def test_it_costs_no_import_where_nothing_is_hidden(branch: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    branch.commit("Begin so", {".dvcignore": COMMENTS})
    for name in [name for name in sys.modules if name.partition(".")[0] == "pathspec"]:
        monkeypatch.delitem(sys.modules, name)
    checked(branch)
    assert "pathspec" not in sys.modules
