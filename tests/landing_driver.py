"""Programs that tests kill: one that releases, and one that takes the steps of the moment one by one.

python landing_driver.py release REPOSITORY
python landing_driver.py land|settle REPOSITORY STEP     # killed with all its children before step STEP
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from gitrepo import GitRepo
from landings import prepared

from dvc_changelog.history import Git
from dvc_changelog.history.landing import land, recover
from dvc_changelog.history.landing.moment import act
from dvc_changelog.history.landing.moment.plan import load


def main(verb: str, repository: str, stop: str = "0") -> None:
    """Do as the module says."""
    path = Path(repository)
    if verb == "release":
        git = Git(path)
        recover(git)
        land(git, prepared(GitRepo(path)))
        return
    plan = load(str(path / ".git"))
    assert plan
    taken = 0

    def step(name: str) -> None:
        nonlocal taken
        taken += 1
        print(name, flush=True)  # noqa: T201  # its caller reads it
        if taken == int(stop):
            os.killpg(0, signal.SIGKILL)

    (act.land if verb == "land" else act.settle)(plan, None, step)


if __name__ == "__main__":
    main(*sys.argv[1:])
