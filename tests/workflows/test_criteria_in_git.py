"""What a branch changes of what it is judged by, read from Git on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workflows.branches import metrics, project

from dvc_changelog import config as configuration
from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, Criteria, Review, Said
from dvc_changelog.render import check as text
from dvc_changelog.workflows import check, review

if TYPE_CHECKING:
    from pathlib import Path

    from gitrepo import GitRepo


LIMIT = '[metric-rules.auc]\nbetter = "higher"\nmin = {}\n'
OURS = "dvc-changelog.toml"
IN_PYPROJECT = '[project]\nname = "x"\n\n[tool.dvc-changelog]\nmetric-rules.auc = {{min = {}}}\n'

pytestmark = pytest.mark.usefixtures("isolated")


def begun(repo: GitRepo, files: dict[str, str]) -> GitRepo:
    repo.commit("Begin", {**project(), **files})
    repo.git("checkout", "-q", "-b", "tune")
    return repo


def reviewed(repo: GitRepo, explicit: Path | None = None, **options: object) -> Review:
    config = configuration.load(repo.path, explicit, {})
    return review(repo.path, "main", config=config, **options)  # type: ignore[arg-type]


def told(found: Review) -> tuple[str, ChangeType, list[tuple[str, Said, Said, bool]]] | None:
    if found.criteria is None:
        return None
    changes = [(c.option, c.old, c.new, c.looser) for c in found.criteria.changes]
    return found.criteria.path, found.criteria.fate, changes


def test_a_limit_that_the_branch_loosens_is_told_with_the_value_that_is_beyond_it(repo: GitRepo) -> None:
    begun(repo, {OURS: LIMIT.format(0.6)})
    repo.commit("Adjust", {OURS: LIMIT.format(0.4), "m.json": metrics(auc=0.5)})
    found = reviewed(repo)
    assert told(found) == (OURS, ChangeType.MODIFIED, [("min", 0.6, 0.4, True)])
    assert found.criteria
    assert [(alert.name, alert.bound, alert.value) for alert in found.criteria.missed] == [("auc", 0.6, 0.5)]
    # What decides is the configuration that is checked out.
    assert [found.kind.value for found in found.failing] == []
    at_target = Config().replace(metric_rules={"auc": {"min": 0.6}})
    strict = review(repo.path, "main", config=at_target)
    assert [finding.subject for finding in strict.failing] == ["auc"]
    assert strict.criteria
    assert strict.criteria.missed == ()
    said = text.text(check(repo.path, "main", config=configuration.load(repo.path, None, {})))
    assert f"This branch changes what is judged, in {OURS}: minimum of auc 0.6 → 0.4." in said


def test_what_is_not_committed_is_told_too(repo: GitRepo) -> None:
    begun(repo, {OURS: LIMIT.format(0.6)})
    (repo.path / OURS).write_text(LIMIT.format(0.4))
    assert told(reviewed(repo)) is None
    assert told(reviewed(repo, workspace=True)) == (OURS, ChangeType.MODIFIED, [("min", 0.6, 0.4, True)])


def test_a_file_that_comes_or_goes_is_told_as_what_it_says(repo: GitRepo) -> None:
    begun(repo, {})
    repo.commit("Limit it", {OURS: LIMIT.format(0.6) + "tolerance = 0.1\n"})
    # The first tolerance that is said at all is nothing that was loosened.
    said = [("min", None, 0.6, False), ("tolerance", None, 0.1, False)]
    assert told(reviewed(repo)) == (OURS, ChangeType.ADDED, said)
    repo.commit("Limit it alone", {OURS: LIMIT.format(0.6) + 'unit = "%"\n'})
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "tune")
    repo.git("checkout", "-q", "tune")
    repo.git("rm", "-q", OURS)
    repo.commit("No limits")
    assert told(reviewed(repo)) == (OURS, ChangeType.DELETED, [("min", 0.6, None, True)])


def test_our_table_of_pyproject_counts_and_the_rest_does_not(repo: GitRepo) -> None:
    begun(repo, {"pyproject.toml": IN_PYPROJECT.format(0.6)})
    repo.commit("Rename", {"pyproject.toml": IN_PYPROJECT.format(0.6).replace('"x"', '"y"')})
    assert told(reviewed(repo)) is None
    # Elsewhere it is the same as before, until it says something else.
    repo.commit(
        "Move", {"pyproject.toml": '[project]\nname = "x"\n', OURS: "metric-rules.auc = {min = 0.6}\n"}
    )
    assert told(reviewed(repo)) is None
    repo.commit("Loosen", {OURS: "metric-rules.auc = {min = 0.4}\n"})
    assert told(reviewed(repo)) == (OURS, ChangeType.MODIFIED, [("min", 0.6, 0.4, True)])


def test_a_side_that_cannot_be_read_is_told_and_is_no_error(repo: GitRepo) -> None:
    begun(repo, {OURS: "[metric-rules\n"})
    repo.commit("Correct it", {OURS: LIMIT.format(0.4)})
    why = "line 1: not valid TOML: Expected ']' at the end of a table declaration"
    assert reviewed(repo).criteria == Criteria(OURS, ChangeType.MODIFIED, unread=why)
    backwards = review(repo.path, "tune", "main", config=Config())
    assert backwards.criteria == Criteria(OURS, ChangeType.MODIFIED, unread=why, at_head=True)


def test_what_a_flag_decides_no_file_changes(repo: GitRepo) -> None:
    begun(repo, {OURS: 'fail-on = ["threshold", "outdated"]\n'})
    repo.commit("Fail less", {OURS: 'fail-on = ["none"]\n'})
    assert told(reviewed(repo)) is not None
    config = configuration.load(repo.path, None, {}).replace(fail_on=["threshold"])
    assert told(review(repo.path, "main", config=config)) is None


def test_the_file_that_was_given_is_the_one_that_is_compared(repo: GitRepo, tmp_path: Path) -> None:
    begun(repo, {OURS: LIMIT.format(0.6), "ci/limits.toml": LIMIT.format(0.6)})
    repo.commit("Adjust", {OURS: LIMIT.format(0.4)})
    assert told(reviewed(repo, repo.path / "ci/limits.toml")) is None
    outside = tmp_path / "limits.toml"
    outside.write_text(LIMIT.format(0.6))
    assert told(reviewed(repo, outside)) is None
    repo.commit("Adjust the other", {"ci/limits.toml": LIMIT.format(0.5)})
    found = told(reviewed(repo, repo.path / "ci/limits.toml"))
    assert found == ("ci/limits.toml", ChangeType.MODIFIED, [("min", 0.6, 0.5, True)])


def test_nothing_is_read_where_the_file_is_the_same(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost grows with what changed."""
    begun(repo, {OURS: LIMIT.format(0.6)})
    repo.commit("Train", {"m.json": metrics(auc=0.5)})

    def read(label: str, raw: bytes) -> None:
        pytest.fail(f"{label} was read: {raw!r}")

    config = configuration.load(repo.path, None, {})
    monkeypatch.setattr(configuration, "read", read)
    assert review(repo.path, "main", config=config).criteria is None
