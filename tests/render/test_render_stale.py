"""Why stages were not reproduced, in words: what another working directory spells otherwise is no news."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.domain import ChangeType, Dependency, Since, Stage, StageChange, StageRun, Stale
from dvc_changelog.render import stale

RAN = StageRun("make", (Dependency("m.json"), Dependency("src/a.py")), (Dependency("curve.csv"),))
BEFORE = Stage("dvc.yaml", "report", "make", "", ("m.json", "src/a.py"), ("curve.csv",), ran=RAN)
# What the lock has is spelled from where the stage works, and so located elsewhere now.
NOW = replace(BEFORE, wdir="src", ran=StageRun("make", (Dependency("src/m.json"),)))
READ = [Stale(path, "", None, None, "report", since=Since.INPUT, added=True) for path in BEFORE.deps]
WRITTEN = Stale("curve.csv", "", None, None, "report", since=Since.OUTPUT, added=True)
COMMAND = Stale("dvc.yaml", "", "cd .. && make", "make", "report", since=Since.COMMAND)
NEW = Stale("extra.csv", "", None, None, "report", since=Since.INPUT, added=True)
MOVED = StageChange(ChangeType.MODIFIED, "dvc.yaml", "report", BEFORE, NOW)
RENAMED = replace(MOVED, change=ChangeType.RENAMED, old=replace(BEFORE, name="old"))
BACK = replace(MOVED, old=replace(BEFORE, wdir="src"), new=replace(NOW, wdir=""))
HERE = replace(MOVED, new=replace(NOW, wdir=""))


@pytest.mark.parametrize(
    ("items", "changes", "expected"),
    [
        ([*READ, WRITTEN], [MOVED], "report was not reproduced since it works in src"),
        ([*READ, WRITTEN], [RENAMED], "report was not reproduced since it works in src"),
        ([*READ, WRITTEN], [BACK], "report was not reproduced since it works in the Git root"),
        (
            [COMMAND, *READ, WRITTEN],
            [MOVED],
            "report was not reproduced since the command changed and it works in src",
        ),
        (
            [NEW, *READ],
            [MOVED],
            "report was not reproduced since it works in src and it depends on extra.csv too",
        ),
        ([NEW], [MOVED], "report was not reproduced since it depends on extra.csv too"),
        ([WRITTEN], [], "report was not reproduced since it is to write curve.csv too"),
        (READ, [HERE], "report was not reproduced since it depends on m.json and src/a.py too"),
    ],
)
def test_what_the_stage_read_and_wrote_before_is_not_new_to_it(
    items: list[Stale], changes: list[StageChange], expected: str
) -> None:
    (line,) = stale.of_stages(items, changes)
    assert str(line.text) == expected
