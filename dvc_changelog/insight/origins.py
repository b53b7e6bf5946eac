"""Where the files of one snapshot come from: a stage, or a `.dvc` file. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Import, Output, Role, Snapshot, Stage, holders
from dvc_changelog.insight.runs import DepStep

_SCHEME = "ds://"


class Made(NamedTuple):
    """An output as the last run of a stage recorded it."""

    path: str
    stage: Stage
    content: Content | None

    def as_ran(self, stage: Stage | None, content: Content | None) -> Made:
        """The same with another content, by the run that a stage had then if one is known."""
        return Made(self.path, stage or self.stage, content)

    def is_not(self, dep: DepStep) -> bool:
        """Whether a run was surely given something else than this under its path."""
        given = dep.content if dep.path == self.path else None
        return given is not None and self.content is not None and given.differs(self.content)


@dataclass()
class Origins:
    """Tells of paths of one snapshot what made them. What is looked up is prepared when it is asked for."""

    snapshot: Snapshot

    def maker(self, path: str) -> Made | None:
        """What the stage that writes just this path recorded of it; None if no stage ran that does."""
        return self._made.get(path)

    def made(self, path: str) -> tuple[Made, ...]:
        """The outputs of stages that a path is, lies in, or holds."""
        return tuple(self._made[found] for found in _around(path, self._made, self._made_paths))

    def brought(self, path: str) -> tuple[Output, ...]:
        """The outputs of `.dvc` files that a path is, lies in, or holds."""
        return tuple(self._brought[found] for found in _around(path, self._brought, self._brought_paths))

    def dataset(self, path: str) -> Import | None:
        """The dataset of a dvc.yaml that a dependency names."""
        return self._datasets.get(path)

    @cached_property
    def _made(self) -> dict[str, Made]:
        """By path. Where locks are at odds, the stage wins that dvc.yaml says makes it."""
        found: dict[str, Made] = {}
        for stage in self.snapshot.stages.values():
            declared = {*stage.outs, *stage.metrics, *stage.plots}
            for out in stage.ran.outs if stage.ran else ():
                if out.path in declared or out.path not in found:
                    found[out.path] = Made(out.path, stage, out.content)
        return found

    @cached_property
    def _brought(self) -> dict[str, Output]:
        return {
            path: output
            for path, output in self.snapshot.outputs.items()
            if output.role is Role.SOURCE and output.content.algorithm != "git"
        }

    @cached_property
    def _datasets(self) -> dict[str, Import]:
        return {f"{_SCHEME}{each.name}": each for each in self.snapshot.imports.values() if each.name}

    @cached_property
    def _made_paths(self) -> list[str]:
        return sorted(self._made)

    @cached_property
    def _brought_paths(self) -> list[str]:
        return sorted(self._brought)


def are_two(old: Stage, new: Stage, sides: tuple[Snapshot, Snapshot]) -> bool:
    """Whether a stage before and one now are not one that was renamed: either is there on the other side."""
    before, now = sides
    return old.address != new.address and (old.address in now.stages or new.address in before.stages)


def below(directory: str, ordered: list[str]) -> Iterator[str]:
    """Those of ordered paths that lie in a directory."""
    start = f"{directory}/" if directory else ""
    for at in range(bisect_left(ordered, start), len(ordered)):
        if not ordered[at].startswith(start):
            return
        yield ordered[at]


def _around(path: str, known: dict[str, Output] | dict[str, Made], ordered: list[str]) -> Iterator[str]:
    above = next((holder for holder in holders(path) if holder in known), None)
    if above is not None:
        yield above
    else:
        yield from below(path, ordered)
