"""A landing that is cut off before any of its steps ends as before or complete, and so does ending it.

The moment is killed with all its children before each of its steps, and then a later run begins.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import landing_driver
import pytest
from gitrepo import GitRepo, isolated, isolation
from landings import FILES, Seen, prepared, ready, seen, settled

from dvc_changelog.errors import GitError
from dvc_changelog.history import Git
from dvc_changelog.history.landing import Ending, Landing, land, recover
from dvc_changelog.history.landing.moment import act
from dvc_changelog.history.landing.moment.plan import Refused, load
from dvc_changelog.history.landing.stage import stage

__all__ = ["isolated"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process groups there")

COMMITTING, PUTTING_INDEX = "commit the refs", "put the index"


@dataclass
class Ground:
    """A repository in which a release is prepared and landed nowhere; tests work in copies, in `place`."""

    repo: GitRepo
    landing: Landing
    before: Seen
    complete: Seen
    place: Path

    def copy(self, name: str) -> GitRepo:
        path = self.place / name
        shutil.copytree(self.repo.path, path, symlinks=True)
        repo = GitRepo(path, self.repo.clock)
        repo.git("update-index", "-q", "--refresh")
        return repo

    def staged(self, name: str) -> GitRepo:
        """A copy in which the plan is written down and nothing more."""
        repo = self.copy(name)
        stage(Git(repo.path), self.landing, os.path.realpath(repo.path / ".git")).dump()
        return repo

    def cut(self, name: str, step: str) -> GitRepo:
        """A copy whose landing was killed before a step."""
        repo = self.staged(name)
        run("land", repo, STEPS.index(step) + 1)
        return repo


STEPS = [
    "lock the index",
    "prepare the refs",
    "look once more",
    *(f"put {name}" for name in FILES),
    COMMITTING,
    "finish",
    PUTTING_INDEX,
    "refresh a copy of the index",
    "lock the index to put the copy",
    "put the copy",
    "forget",
]


def run(verb: str, repo: GitRepo, stop: int = 0) -> list[str]:
    """The steps that were taken; those of a run that was stopped end with the one that was not."""
    driver, told = _driver(), repo.path.with_name(f"{repo.path.name}.told")
    assert driver.stdin
    assert driver.stdout
    driver.stdin.write(f"{verb}\t{repo.path}\t{stop}\t{told}\n")
    driver.stdin.flush()
    assert int(driver.stdout.readline()) == (-signal.SIGKILL if stop else 0)
    return told.read_text(encoding="utf-8").splitlines()


@cache
def _driver() -> subprocess.Popen[str]:
    """What runs the steps, in the environment of the first test that asks, which is that of all."""
    return subprocess.Popen(
        [sys.executable, landing_driver.__file__, "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.fixture(scope="module", autouse=True)
def _no_driver_left() -> Iterator[None]:
    yield
    if _driver.cache_info().currsize:
        _driver().communicate()
        _driver.cache_clear()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    place = tmp_path_factory.mktemp("landing")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolation(tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        repo = ready(GitRepo.init(place / "ground"))
        landing = prepared(repo)
        before = seen(repo)
        twin = GitRepo(Path(shutil.copytree(repo.path, place / "twin")))
        land(Git(twin.path), landing)
        return Ground(repo, landing, before, settled(twin), place)


@pytest.fixture
def ground(built: Ground, tmp_path: Path, isolated: None) -> Ground:
    return replace(built, place=tmp_path)


def test_the_steps_are_those_that_are_cut_here(ground: Ground) -> None:
    repo = ground.staged("repo")
    assert run("land", repo) == STEPS
    assert ground.complete == settled(repo)


@pytest.mark.parametrize("step", STEPS)
def test_whatever_step_is_not_reached_it_is_ended(ground: Ground, step: str) -> None:
    repo = ground.cut("repo", step)
    recovered = recover(Git(repo.path))
    assert recovered is not None
    moved = STEPS.index(step) > STEPS.index(COMMITTING)
    assert recovered.ending == (Ending.COMPLETED if moved else Ending.TAKEN_BACK)
    assert (recovered.tag, recovered.branch, recovered.commit_id) == (
        "v1",
        "refs/heads/main",
        ground.landing.commit_id,
    )
    assert (ground.complete if moved else ground.before) == settled(repo)
    assert recover(Git(repo.path)) is None


@pytest.mark.parametrize("step", [COMMITTING, "finish"])
def test_ending_it_can_be_cut_off_as_well(ground: Ground, step: str) -> None:
    taken = run("settle", ground.cut("whole", step))
    assert len(taken) > 3
    for number in range(1, len(taken) + 1):
        repo = ground.cut(f"repo{number}", step)
        assert run("settle", repo, number) == taken[:number]
        assert recover(Git(repo.path)) is not None
        assert (ground.before if step == COMMITTING else ground.complete) == settled(repo)


def test_only_the_branch_was_moved(ground: Ground) -> None:
    repo = ground.cut("repo", COMMITTING)
    (repo.path / ".git/refs/heads/main.lock").rename(repo.path / ".git/refs/heads/main")
    _completed(ground, repo)


def test_only_the_tag_was_made(ground: Ground) -> None:
    repo = ground.cut("repo", COMMITTING)
    (repo.path / ".git/refs/tags/v1.lock").rename(repo.path / ".git/refs/tags/v1")
    _completed(ground, repo)


def test_the_lock_on_the_index_was_deleted_by_hand(ground: Ground) -> None:
    """That is what Git's own message tells one to do."""
    repo = ground.cut("repo", PUTTING_INDEX)
    (repo.path / ".git/index.lock").unlink()
    repo.git("status")
    _completed(ground, repo)


def _completed(ground: Ground, repo: GitRepo) -> None:
    recovered = recover(Git(repo.path))
    assert recovered is not None
    assert recovered.ending == Ending.COMPLETED
    assert ground.complete == settled(repo)


def _free(repo: GitRepo) -> None:
    for lock in (repo.path / ".git").rglob("*.lock"):
        lock.unlink()


def _go_on(repo: GitRepo) -> None:
    _free(repo)
    repo.git("add", "--all")
    repo.commit("I made my own", {})


def test_the_person_went_on_with_the_branch(ground: Ground) -> None:
    repo = ground.cut("repo", COMMITTING)
    _go_on(repo)
    before = seen(repo)
    recovered = recover(Git(repo.path))
    assert recovered is not None
    assert recovered.ending == Ending.LEFT
    assert before == settled(repo)


def test_the_person_went_to_another_branch(ground: Ground) -> None:
    repo = ground.cut("repo", PUTTING_INDEX)
    _free(repo)
    repo.git("reset", "--quiet")
    repo.git("switch", "--quiet", "--force", "-c", "other", "HEAD~")
    before = seen(repo)
    recovered = recover(Git(repo.path))
    assert recovered is not None
    assert recovered.ending == Ending.COMPLETED
    assert before == settled(repo)


@pytest.mark.parametrize("step", [COMMITTING, PUTTING_INDEX])
def test_what_the_person_changed_since_stays(ground: Ground, step: str) -> None:
    repo = ground.cut("repo", step)
    repo.write({"CHANGELOG.md": "mine"})
    recover(Git(repo.path))
    wanted = ground.before if step == COMMITTING else ground.complete
    found = seen(repo)
    assert found.files["CHANGELOG.md"][0] == b"mine"
    files = {**found.files, "CHANGELOG.md": wanted.files["CHANGELOG.md"]}
    assert found.status == "M CHANGELOG.md"
    assert wanted == replace(found, files=files, status="")


def test_a_tag_that_somebody_made_meanwhile_is_not_moved(ground: Ground) -> None:
    repo = ground.cut("repo", COMMITTING)
    (repo.path / ".git/refs/heads/main.lock").rename(repo.path / ".git/refs/heads/main")
    (repo.path / ".git/refs/tags/v1.lock").unlink()
    repo.tag("v1", "HEAD~", message="mine")
    tag = repo.git("rev-parse", "v1")
    assert recover(Git(repo.path)) is not None
    assert repo.git("rev-parse", "v1") == tag
    assert settled(repo).status == ""


def test_locks_of_others_stay(ground: Ground) -> None:
    repo = ground.cut("repo", "look once more")
    _free(repo)
    locks = {"index.lock": b"", "HEAD.lock": b"ref: refs/heads/x\n", "refs/heads/main.lock": b"1" * 40}
    for name, content in locks.items():
        (repo.path / ".git" / name).write_bytes(content)
    assert recover(Git(repo.path)) is not None
    for name, content in locks.items():
        assert (repo.path / ".git" / name).read_bytes() == content


def test_a_landing_is_ended_from_another_worktree(ground: Ground) -> None:
    repo = ground.cut("repo", "finish")
    repo.git("worktree", "add", "--quiet", "--detach", str(repo.path.with_name("linked")))
    assert recover(Git(repo.path.with_name("linked"))) is not None
    repo.git("worktree", "remove", str(repo.path.with_name("linked")))
    assert ground.complete == settled(repo)


def test_the_worktree_of_a_landing_may_be_gone(ground: Ground) -> None:
    repo = ground.copy("repo")
    repo.git("worktree", "add", "--quiet", "-b", "side", str(repo.path.with_name("linked")))
    linked = GitRepo(repo.path.with_name("linked"))
    plan = stage(Git(linked.path), prepared(linked), os.path.realpath(repo.path / ".git"))
    plan.dump()
    repo.git("worktree", "remove", str(linked.path))
    before = seen(repo)
    recovered = recover(Git(repo.path))
    assert recovered is not None
    assert recovered.ending == Ending.TAKEN_BACK
    assert before == settled(repo)


def test_the_repository_may_be_elsewhere_by_then(ground: Ground) -> None:
    """A container that was killed had it at another path."""
    for step in (COMMITTING, PUTTING_INDEX):
        repo = ground.cut(step, step)
        moved = GitRepo(repo.path.rename(repo.path.with_name(f"{step} elsewhere")))
        assert recover(Git(moved.path)) is not None
        assert (ground.before if step == COMMITTING else ground.complete) == settled(moved)


@pytest.mark.parametrize("step", [*STEPS[2:4], COMMITTING, "finish"])
def test_refs_in_tables(tmp_path: Path, isolated: None, step: str) -> None:
    try:
        repo = ready(GitRepo.init(tmp_path / "repo", "--ref-format=reftable"))
    except AssertionError:
        pytest.skip("this Git keeps refs in files only")
    before = seen(repo)
    stage(Git(repo.path), prepared(repo), os.path.realpath(repo.path / ".git")).dump()
    run("land", repo, STEPS.index(step) + 1)
    assert recover(Git(repo.path)) is not None
    if step != "finish":
        assert before == settled(repo)
        land(Git(repo.path), prepared(repo))
    assert settled(repo).status == ""
    assert repo.git("rev-parse", "v1^{commit}") == repo.git("rev-parse", "HEAD")


def test_no_release_begins_over_one_that_was_cut_off(ground: Ground) -> None:
    repo = ground.staged("repo")
    with pytest.raises(GitError, match="An earlier release was cut off and is not ended yet"):
        land(Git(repo.path), ground.landing)


@pytest.mark.parametrize("journal", [b"", b"{}", b"[]", b'{"puts": [{}], "made": []}', b"\xff"])
def test_a_journal_that_cannot_be_read(ground: Ground, journal: bytes) -> None:
    repo = ground.copy("repo")
    path = repo.path / ".git/dvc-changelog/release.json"
    path.parent.mkdir()
    path.write_bytes(journal)
    with pytest.raises(GitError, match=r"release\.json: cannot be read"):
        recover(Git(repo.path))


def _fail_to_put(repo: GitRepo) -> None:
    """A directory with a file in it is where the last file goes: renaming fails."""
    target = repo.path / list(FILES)[-1]
    target.mkdir(parents=True)
    (target / "file").touch()


def _fail_to_commit(repo: GitRepo) -> None:
    """Without its locks Git cannot commit what it prepared."""
    for name in ("heads/main", "tags/v1"):
        (repo.path / f".git/refs/{name}.lock").unlink()


@pytest.mark.parametrize(
    ("step", "fault"), [(f"put {list(FILES)[-1]}", _fail_to_put), (COMMITTING, _fail_to_commit)]
)
def test_a_fault_in_the_moment_leaves_all_as_before(
    ground: Ground, step: str, fault: Callable[[GitRepo], None]
) -> None:
    repo = ground.staged("repo")
    plan = load(str(repo.path / ".git"))
    assert plan is not None

    def fail(name: str) -> None:
        if name == step:
            fault(repo)

    with pytest.raises(Refused):
        act.land(plan, None, fail)
    shutil.rmtree(repo.path / list(FILES)[-1], ignore_errors=True)
    for directory in ("docs/in a new place", "docs"):
        if (repo.path / directory).exists():
            (repo.path / directory).rmdir()
    assert ground.before == settled(repo)
