"""`dvc-changelog release` killed at random moments: the repository is as before, or the release complete.

`RELEASE_KILLS` says how many of each kind are tried.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from clirun import PROGRAM, run_apart
from gitrepo import EPOCH, GitRepo
from landings import Seen, seen, settled
from processes import gone, kill_group, kill_process, kill_tree
from releases import built_pipeline, pipeline, quiet_dvc

from dvc_changelog.history.landing.moment.plan import JOURNAL

__all__ = ["built_pipeline", "pipeline", "quiet_dvc"]

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found by their environment, in /proc"
)

KILLS = int(os.environ.get("RELEASE_KILLS", "1"))
NOW = {"SOURCE_DATE_EPOCH": str(EPOCH + 9000)}
CONFIG = 'version-files = ["pyproject.toml"]\n'


@pytest.mark.parametrize("kill", [kill_process, kill_group, kill_tree], ids=lambda kill: kill.__name__)
def test_killed_at_random_moments(
    pipeline: GitRepo, tmp_path: Path, kill: Callable[[subprocess.Popen[bytes], str], None]
) -> None:
    """What is left of a tree that is killed whole is ended by the next run, which then finds it complete."""
    pipeline.commit("feat: log", {"dvc-changelog.toml": CONFIG})
    before = seen(pipeline)
    twin = _copy(pipeline, tmp_path / "twin")
    started = time.monotonic()
    assert run_apart("release", at=twin.path, env=NOW).code == 0
    whole = time.monotonic() - started
    complete = settled(twin)
    chance = random.Random(int(os.environ.get("RELEASE_SEED", "5")))
    found: Counter[str] = Counter()
    for _ in range(KILLS):
        repo = _copy(pipeline, tmp_path / "victim")
        mark = uuid.uuid4().hex
        process = _started(repo, mark)
        _wait_for_a_moment(repo, chance, whole)
        kill(process, mark)
        gone(process, mark)
        after = _outcome(repo, before, complete)
        assert after != "half" or kill is kill_tree
        found[after] += 1
        again = run_apart("release", at=repo.path, env=NOW)
        # What was staged may lie in Git's directory, seen by nobody, until the next landing clears it.
        assert (again.code, seen(repo)) == (0, complete)
        found["recovered"] += "that was cut off" in again.err
        if after == "complete":
            assert "this commit is v0.1.0 already" in again.err
        shutil.rmtree(repo.path)
    print(kill.__name__, dict(found))  # noqa: T201  # the figures, for who asks for them


def _copy(repo: GitRepo, place: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(repo.path, place, symlinks=True)))


def _started(repo: GitRepo, mark: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [PROGRAM, "release"],
        cwd=repo.path,
        env={**os.environ, **NOW, "LANDING_TEST": mark},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _wait_for_a_moment(repo: GitRepo, chance: random.Random, whole: float) -> None:
    """Some time of the run, mostly one near to the landing or inside it, which is its shortest part."""
    aim, share = chance.choice(
        [("", 1.0), (f"dvc-changelog/{JOURNAL}", 0.2), ("index.lock", 0.02), ("index.lock", 0.005)]
    )
    until = time.monotonic() + 4 * whole
    while not (repo.path / ".git" / aim).exists() and time.monotonic() < until:
        time.sleep(0.0002)
    time.sleep(chance.random() * share * whole)


def _outcome(repo: GitRepo, before: Seen, complete: Seen) -> str:
    now = seen(repo)
    return "before" if now == before else "complete" if now == complete else "half"
