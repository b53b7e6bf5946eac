"""Data that Git keeps and a stage reads: told under Data, as what DVC keeps is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from workflows.branches import begun, branch, checked, project, told

from dvc_changelog.domain import OutputChange, Review
from dvc_changelog.insight import files_between
from dvc_changelog.insight.touches import is_data

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["begun", "branch"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/raw.csv", True),
        ("data/X_test.csv", True),  # a test set, which no test of code reads
        ("data/test/labels.PARQUET", True),
        ("tests/data/x.csv", False),
        ("tests/test_data.py", False),
        ("models/model_test.pkl", False),
        ("metrics/roc_test.csv", False),
        ("src/data.py", False),
        ("data/README.md", False),
        ("data/raw.csv.dvc", False),
        ("requirements.txt", False),
        ("data/.gitkeep", False),
    ],
)
def test_its_name_tells_what_is_data(path: str, *, expected: bool) -> None:
    assert is_data(path) is expected


def pipeline(*deps: str) -> str:
    return str(project()["dvc.yaml"]).replace("labels.csv", ", ".join(("labels.csv", *deps)))


def outputs(review: Review) -> list[tuple[str, str, str]]:
    """What became of data, with the path before, as Git has both sides."""
    changes = (c for c in review.release.changes if isinstance(c, OutputChange))
    return [(c.change.value, c.path, c.old_path) for c in changes if c.path != "model.pkl"]


FATES: list[tuple[str, Callable[[GitRepo], object], list[tuple[str, str, str]]]] = [
    ("changed", lambda r: r.commit("Label", {"labels.csv": "b\n"}), [("modified", "labels.csv", "")]),
    ("gone", lambda r: (r.git("rm", "-q", "labels.csv"), r.commit("Less")), [("deleted", "labels.csv", "")]),
    (
        "new",
        lambda r: r.commit("More", {"dvc.yaml": pipeline("more.csv"), "more.csv": "1"}),
        [("added", "more.csv", "")],
    ),
    (
        "elsewhere",
        lambda r: (
            r.git("mv", "labels.csv", "l.csv"),
            r.commit("Move", {"dvc.yaml": str(project()["dvc.yaml"]).replace("labels.csv", "l.csv")}),
        ),
        [("renamed", "l.csv", "labels.csv")],
    ),
    ("read by no stage", lambda r: r.commit("Other", {"other.csv": "1"}), []),
    (
        "no data by its name",
        lambda r: r.commit("Code", {"dvc.yaml": pipeline("a.py", "src"), "a.py": "1", "src/b.py": "1"}),
        [],
    ),
    ("what a stage writes", lambda r: r.commit("Metrics", {"m.json": '{"auc": 0.95}'}), []),
    ("as it was", lambda r: (r.commit("A", {"labels.csv": "b"}), r.commit("B", {"labels.csv": "a\n"})), []),
    (
        "a file among code",
        lambda r: r.commit("Look up", {"dvc.yaml": pipeline("src"), "src/b.py": "1", "src/x.csv": "1"}),
        [("added", "src/x.csv", "")],
    ),
    (
        "beside data of DVC",
        lambda r: r.commit(
            "Both", {"dvc.yaml": pipeline("raw"), "raw/a.csv": "1", "raw/b.csv.dvc": "outs: []"}
        ),
        [("added", "raw/a.csv", "")],
    ),
]


@pytest.mark.parametrize(("act", "expected"), [fate[1:] for fate in FATES], ids=[fate[0] for fate in FATES])
def test_what_became_of_it(
    branch: GitRepo, act: Callable[[GitRepo], object], expected: list[tuple[str, str, str]]
) -> None:
    act(branch)
    assert outputs(checked(branch)) == expected


def test_a_directory_of_data_is_told_as_one_with_its_files(branch: GitRepo) -> None:
    raw = {"raw/a.csv": "1", "raw/b.csv": "2", "raw/README.md": "x", "raw/.gitkeep": ""}
    branch.commit("Raw", {"dvc.yaml": pipeline("raw"), **raw})
    branch.git("checkout", "-q", "-b", "further")
    branch.commit("Docs", {"raw/README.md": "y"})
    assert outputs(checked(branch, "tune", "further")) == []
    branch.git("rm", "-q", "raw/a.csv")
    branch.commit("Other", {"raw/b.csv": "3", "raw/c/d.csv": "4"})
    (change,) = (c for c in checked(branch, "tune", "further").release.changes if isinstance(c, OutputChange))
    assert change.old
    assert change.new
    files = files_between(change.old.content, change.new.content)
    assert files
    assert (files.added, files.deleted, files.modified) == (("c/d.csv",), ("a.csv",), ("b.csv",))
    assert change.commits == (branch.git("rev-parse", "HEAD"),)


def test_it_is_told_with_its_commits_and_owes_one_reason(branch: GitRepo) -> None:
    first = branch.commit("Label", {"labels.csv": "b\n"})
    last = branch.commit("Label again", {"labels.csv": "c\n"})
    branch.commit("Code", {"a.py": "1"})
    review = checked(branch)
    (change,) = (c for c in review.release.changes if isinstance(c, OutputChange))
    assert change.commits == (last, first)
    assert [kind for kind, _, _ in told(review)] == ["undocumented", "stale-lock"]


def test_what_is_not_committed_is_told_as_such(branch: GitRepo) -> None:
    branch.write({"labels.csv": "b\n"})
    review = checked(branch, workspace=True)
    (change,) = (c for c in review.release.changes if isinstance(c, OutputChange))
    assert (change.change.value, change.commits) == ("modified", ("",))


def test_what_is_left_out_is_not_told(branch: GitRepo) -> None:
    branch.commit("Label", {"labels.csv": "b\n"})
    assert outputs(checked(branch, exclude_paths=("*.csv",))) == []
