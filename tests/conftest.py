"""What several rooms' tests share: the demo repository, built once however many workers run the tests."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from gitrepo import isolation
from hypothesis import HealthCheck, settings
from programs import path_with, served

from dvc_changelog.demo import build

# CI tries the same examples in every run, so that a landing does not hang on luck; elsewhere each run tries
# new ones. A loaded machine is no failure: nothing is timed.
# How fast examples are made, and how many in vain, depends on the machine: it says nothing of the code.
_NO_TIMES = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
settings.register_profile("here", deadline=None, suppress_health_check=_NO_TIMES)
settings.register_profile("ci", deadline=None, suppress_health_check=_NO_TIMES, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A shell has what it starts in its background ignore Ctrl-C, and the programs that tests start would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo repository, not to be written to; `said.txt` beside it holds what building it said."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    root = shared / "built-demo" / "router"
    with FileLock(shared / "built-demo.lock"):
        if not (root.parent / "said.txt").exists():
            said: list[str] = []
            build(root, said.append)
            (root.parent / "said.txt").write_text("\n".join(said), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def served_programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where `dvc` and `dvc-changelog` lie that start at once."""
    environment = {**os.environ, **isolation(tmp_path_factory.getbasetemp())}
    with served(tmp_path_factory.mktemp("programs"), environment) as place:
        yield place


@pytest.fixture
def programs(served_programs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Has the commands that a test runs be those."""
    monkeypatch.setenv("PATH", path_with(served_programs))
    return served_programs


@pytest.fixture
def demo_copy(built_demo: Path, tmp_path: Path) -> Path:
    """A demo repository of the test's own, without a changelog yet."""
    return Path(shutil.copytree(built_demo, tmp_path / "router", symlinks=True))
