"""A merge that takes the inputs of one side and the outputs of the other: no stage ever ran so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.branches import checked, md5, only, project

from dvc_changelog.domain import OutputChange

if TYPE_CHECKING:
    from gitrepo import GitRepo


def _merged(repo: GitRepo, *, lr: float, model: str) -> str:
    """Both sides train; the merge has the lock of a run with `lr` that made `model`."""
    repo.commit("Begin", project())
    repo.git("checkout", "-q", "-b", "dev")
    repo.commit("Slower\n\nReason: Drift", project(model="3", lr=0.3))
    repo.git("checkout", "-q", "-b", "other", "main")
    repo.commit("Faster\n\nReason: Drift", project(model="2", lr=0.2))
    repo.git("checkout", "-q", "dev")
    repo.git("merge", "-q", "-s", "ours", "--no-commit", "other")
    return repo.commit("Merge other", project(model=model, lr=lr))


def test_a_lock_that_a_merge_made_up_of_two_runs_is_found(repo: GitRepo) -> None:
    merge = _merged(repo, lr=0.3, model="2")
    ours, theirs = (repo.git("rev-parse", "--short=7", f"{merge}^{n}") for n in (1, 2))
    for base in ("main", "other"):
        found = only(review := checked(repo, base))
        assert (found.kind, found.commit_id, found.path, found.subject) == (
            "stale-lock",
            merge,
            "dvc.lock",
            "train",
        )
        assert found.what == (
            f"What dvc.lock has of the stage train is no run: its inputs are those of {ours}, "
            f"model.pkl of {theirs}, which made it of other inputs. `dvc status` does not tell."
        )
        assert found.remedy == "`dvc repro --force train`, then commit dvc.lock and m.json."
        assert not review.release.unmoved
    (model,) = (c for c in checked(repo).release.changes if isinstance(c, OutputChange))
    assert model.new is not None
    assert model.new.content.digest == md5("model 2")
    assert [(cause.kind, cause.commits) for cause in model.because] == [
        ("unknown", (repo.git("rev-parse", "other"),))
    ]
    repo.commit("Run\n\nReason: It is as told now", project(model="3", lr=0.3))
    assert checked(repo).findings == ()


def test_a_merge_that_ran_its_stages_is_no_mixture(repo: GitRepo) -> None:
    _merged(repo, lr=0.25, model="2")
    review = checked(repo)
    assert (review.findings, review.release.mixed) == ((), ())
