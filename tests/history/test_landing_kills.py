"""A release that is killed at random moments leaves the repository as before or complete.

`LANDING_KILLS` says how many of each kind are tried.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import landing_driver
import pytest
from gitrepo import GitRepo, isolated
from landings import Seen, ready, seen, settled
from processes import MARK, gone, kill_group, kill_process, kill_tree, marked, send

from dvc_changelog.history import Git
from dvc_changelog.history.landing import recover
from dvc_changelog.history.landing.moment.plan import JOURNAL

__all__ = ["isolated"]

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found by their environment, in /proc"
)

KILLS = int(os.environ.get("LANDING_KILLS", "4"))


def _start(repo: GitRepo, mark: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, landing_driver.__file__, "release", str(repo.path)],
        env={**os.environ, MARK: mark},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _interrupt_group(process: subprocess.Popen[bytes], _: str) -> None:
    """As Ctrl-C in a terminal does."""
    os.killpg(process.pid, signal.SIGINT)


def _kill_moment(process: subprocess.Popen[bytes], mark: str) -> None:
    """The part that nothing should reach is killed alone: who started it ends what it left."""
    for pid in marked(mark):
        try:
            program = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"moment.act" in program:
            send(pid, signal.SIGKILL)


def _wait_for_a_moment(repo: GitRepo, chance: random.Random, whole: float) -> None:
    """Some time of the run, mostly one near to the landing or inside it, which is its shortest part."""
    aim, share = chance.choice(
        [("", 1.0), (f"dvc-changelog/{JOURNAL}", 0.25), ("index.lock", 0.05), ("index.lock", 0.01)]
    )
    until = time.monotonic() + 4 * whole
    while not (repo.path / ".git" / aim).exists() and time.monotonic() < until:
        time.sleep(0.0002)
    time.sleep(chance.random() * share * whole)


def _name(value: object) -> str:
    return getattr(value, "__name__", "").strip("_")


@pytest.mark.parametrize(
    "kill", [kill_process, kill_group, _interrupt_group, _kill_moment, kill_tree], ids=_name
)
def test_killed_at_random_moments(
    tmp_path: Path, isolated: None, kill: Callable[[subprocess.Popen[bytes], str], None]
) -> None:
    """Process and group can be killed at will; what is left of a tree that is killed whole is ended."""
    ground = ready(GitRepo.init(tmp_path / "ground"))
    before = seen(ground)
    twin = GitRepo(Path(shutil.copytree(ground.path, tmp_path / "twin")))
    started = time.monotonic()
    process = _start(twin, "")
    _, said = process.communicate()
    assert process.returncode == 0, said
    whole = time.monotonic() - started
    complete = settled(twin)
    chance = random.Random(5)
    found = {"before": 0, "complete": 0, "half": 0, "ended": 0}
    for _ in range(KILLS):
        repo = GitRepo(Path(shutil.copytree(ground.path, tmp_path / "repo")))
        mark = uuid.uuid4().hex
        process = _start(repo, mark)
        _wait_for_a_moment(repo, chance, whole)
        kill(process, mark)
        gone(process, mark)
        after = _outcome(repo, before, complete)
        assert after != "half" or kill is kill_tree
        found[after] += 1
        if recover(Git(repo.path)) is not None:
            found["ended"] += 1
        now = seen(repo)
        assert now == (complete if "refs/tags" in now.refs else before)
        assert after in {"half", _outcome(repo, before, complete)}
        shutil.rmtree(repo.path)
    print(_name(kill), found)  # noqa: T201  # the figures, for who asks for them


def test_a_landing_that_is_still_at_work_is_waited_for(tmp_path: Path, isolated: None) -> None:
    """Whoever started it is dead: what begins next finds it complete."""
    repo = ready(GitRepo.init(tmp_path / "repo"))
    hook = repo.path / ".git/hooks/reference-transaction"
    hook.parent.mkdir()
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && sleep 1\nexit 0\n')
    hook.chmod(0o755)
    mark = uuid.uuid4().hex
    process = _start(repo, mark)
    while not (repo.path / ".git/refs/heads/main.lock").exists():
        time.sleep(0.001)
    process.kill()
    assert recover(Git(repo.path)) is None
    assert repo.git("rev-parse", "v1^{commit}") == repo.git("rev-parse", "HEAD")
    assert settled(repo).status == ""
    gone(process, mark)


def _outcome(repo: GitRepo, before: Seen, complete: Seen) -> str:
    now = seen(repo)
    return "before" if now == before else "complete" if now == complete else "half"
