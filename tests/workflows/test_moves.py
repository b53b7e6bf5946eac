"""A pipeline rewritten and not run: what it is to write elsewhere is neither gone nor unexplained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.branches import Files, begun, branch, checked, project

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    ArtifactChange,
    ChangeType,
    FindingKind,
    Level,
    MetricChange,
    OutputChange,
    Review,
)
from dvc_changelog.workflows import review

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["begun", "branch"]


def rewritten(*pairs: tuple[str, str]) -> Files:
    """The project with another dvc.yaml, its lock as it was."""
    files = project()
    text = str(files["dvc.yaml"])
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {**files, "dvc.yaml": text}


def kinds(found: Review) -> set[FindingKind]:
    return {each.kind for each in found.findings}


def test_a_model_that_is_to_be_written_elsewhere_is_neither_gone_nor_undocumented(branch: GitRepo) -> None:
    branch.commit("Move the model", rewritten(("model.pkl", "models/model.pkl")))
    found = checked(branch)
    assert kinds(found) == {FindingKind.STALE_LOCK}
    assert [(c.change, c.path, c.awaited) for c in found.release.changes if isinstance(c, OutputChange)] == [
        (ChangeType.UNKNOWN, "model.pkl", ("models/model.pkl",))
    ]
    told = review(branch.path, "main", config=Config())
    assert told.release.bump.level is Level.MINOR


def test_a_model_that_is_dropped_for_nothing_is_gone_and_needs_a_reason(branch: GitRepo) -> None:
    branch.commit("Drop the model", rewritten(("    outs: [model.pkl]\n", "")))
    found = checked(branch)
    assert [c.change for c in found.release.changes if isinstance(c, OutputChange)] == [ChangeType.DELETED]
    assert FindingKind.UNDOCUMENTED in kinds(found)


def test_a_limit_on_a_metric_that_is_to_be_written_elsewhere_waits_for_the_run(branch: GitRepo) -> None:
    branch.git("rm", "-q", "m.json")
    files = rewritten(("m.json", "d/m.json"))
    branch.commit("Move the metrics", {path: text for path, text in files.items() if path != "m.json"})
    found = checked(branch)
    assert {c.change for c in found.release.changes if isinstance(c, MetricChange)} == {ChangeType.UNKNOWN}
    (limit,) = (each for each in found.findings if each.path == "m.json" and "limit" in each.what)
    assert "cannot be checked" in limit.what
    assert limit.remedy == "`dvc repro train`, then commit dvc.lock and d/m.json."


def test_an_artifact_of_another_name_was_renamed_and_breaks_who_asks_for_it(branch: GitRepo) -> None:
    branch.commit("Call it by what it does", rewritten(("router:", "sorter:")))
    told = review(branch.path, "main", config=Config())
    (change,) = (c for c in told.release.changes if isinstance(c, ArtifactChange))
    assert (change.change, change.old_address, change.name) == (ChangeType.RENAMED, "router", "sorter")
    (ask,) = (ask for ask in told.release.bump.because if ask.kind == "artifact")
    assert (ask.level, ask.name, ask.change) == (Level.MAJOR, "sorter", "renamed")
