"""Programs that tests kill: one that releases, and one that takes the steps of the moment one by one.

python landing_driver.py release REPOSITORY
python landing_driver.py serve

The second reads lines of `VERB REPOSITORY STEP TOLD`, tab separated, VERB being `land` or `settle`, and forks
for each: what it imports, it imports once. The fork writes the steps it takes to the file TOLD and is killed
with all its children before step STEP, if that is not 0. The answer is its exit status.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import NoReturn, TextIO

from gitrepo import GitRepo
from landings import prepared

from dvc_changelog.history import Git
from dvc_changelog.history.landing import land, recover
from dvc_changelog.history.landing.moment import act, refs
from dvc_changelog.history.landing.moment.plan import load


def main(verb: str, repository: str = "") -> None:
    """Do as the module says."""
    if verb == "release":
        path = Path(repository)
        git = Git(path)
        recover(git)
        land(git, prepared(GitRepo(path)))
        return
    refs._PATIENCE = 0.05  # noqa: SLF001  # nobody else is at work in what it is given
    for line in sys.stdin:
        wanted = line.rstrip("\n").split("\t")
        pid = os.fork()
        if not pid:
            _forked(*wanted)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(status, flush=True)  # noqa: T201  # its caller reads it


def _forked(verb: str, repository: str, stop: str, told: str) -> NoReturn:
    """Take the steps in a process group of its own, and end."""
    os.setsid()
    status = 1
    try:
        with Path(told).open("w", encoding="utf-8") as file:
            _steps(verb, Path(repository), int(stop), file)
        status = 0
    except BaseException:  # noqa: BLE001  # whatever it is, it must not go on as the one that serves
        traceback.print_exc()
    finally:
        os._exit(status)


def _steps(verb: str, repository: Path, stop: int, told: TextIO) -> None:
    plan = load(str(repository / ".git"))
    assert plan
    taken = 0

    def step(name: str) -> None:
        nonlocal taken
        taken += 1
        print(name, file=told, flush=True)
        if taken == stop:
            os.killpg(0, signal.SIGKILL)

    (act.land if verb == "land" else act.settle)(plan, None, step)


if __name__ == "__main__":
    main(*sys.argv[1:])
