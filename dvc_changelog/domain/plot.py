"""Plots: the files that they are drawn from, and what dvc.yaml says of how they are drawn."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from dvc_changelog.dataclass import dataclass

if TYPE_CHECKING:
    from dvc_changelog.domain.content import Content


@dataclass(frozen=True, slots=True)
class PlotFile:
    """A file that plots are drawn from, and that DVC does not keep in its cache.

    `content` is the id of its blob in Git, else what dvc.lock recorded. `plots` are the names of those drawn
    from it that have a name of their own. `header` is whether the first line of a table names its columns.
    """

    path: str
    content: Content
    plots: tuple[str, ...] = ()
    header: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """What the dvc.yaml at `file` says of a plot.

    `name` is the plot's own, or the path of its data (`by_path`). `data` are the files and directories it is
    drawn from. `look` holds its settings: ("template", "linear"), ("y", "loss.tsv: loss"), … `of_stage` marks
    an output of a stage: then the stage tells that it came or went.
    """

    name: str
    file: str
    data: tuple[str, ...]
    look: tuple[tuple[str, str], ...] = ()
    by_path: bool = False
    of_stage: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a plot's file: a row of cells for each, in the order of the columns."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Hashable, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PlotData:
    """What could be read of a plot's file: `points` is None for a picture, and where `unread` says why."""

    size: int | None = None
    points: Points | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class PointChanges:
    """How the points of two versions differ, by the columns that both have; the order of points aside.

    `old` and `new` count the points; `reordered`: the same ones in another order.
    """

    old: int
    new: int
    added: int
    removed: int
    reordered: bool = False
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.added or self.removed or self.reordered or self.columns_added or self.columns_removed
        )
