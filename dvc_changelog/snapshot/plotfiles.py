"""The files that the plots of a revision are drawn from. What is in them is read only once they differ."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Plot, PlotData, PlotFile, holders
from dvc_changelog.snapshot import points
from dvc_changelog.snapshot.blobs import Blobs, Complaints
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Tree


@dataclass(slots=True)
class PlotFiles:
    """Finds and reads plots' files; those of an equal directory are listed once."""

    blobs: Blobs
    _listed: dict[tuple[str, str], tuple[PlotFile, ...]] = field(default_factory=dict)

    def of(self, project: Project, tree: Tree, complain: Complaints) -> dict[str, PlotFile]:
        """The files of a project's plots, but for those in DVC's cache: these are outputs, told as data."""
        if not project.plots:
            return {}
        outputs = project.outputs
        declared = {
            out for stage in project.stages.values() for out in (*stage.outs, *stage.metrics, *stage.plots)
        }
        found: dict[str, PlotFile] = {}
        for path in dict.fromkeys(path for plot in project.plots.values() for path in plot.data):
            if "://" in path or any(above in outputs for above in holders(path)):
                continue
            files = self._expanded(path, tree)
            found.update({file.path: file for file in files if file.path not in outputs})
            if files or not tree.lacks(path):
                continue
            if recorded := project.recorded.get(path):
                found[path] = PlotFile(path, recorded)
            elif not any(above in declared for above in holders(path)):
                complain.add(path, "is declared a plot, but is not in Git", missing=True)
        return _labelled(found, project.plots.values())

    def read(self, file: PlotFile) -> PlotData:
        """What can be read of a plot's file here."""
        if file.content.algorithm != "git":
            return PlotData(file.content.size, unread="it is not in Git")
        data = self.blobs.data(file.content.digest)
        if data is None:
            return PlotData(unread="its blob is not in this repository")
        return points.read(file.path, data, header=file.header)

    def _expanded(self, path: str, tree: Tree) -> tuple[PlotFile, ...]:
        """A file of Git, or those below a directory that DVC can draw."""
        if blob := tree.blob(path):
            return (PlotFile(path, Content("git", blob)),)
        oid = tree.directory_id(path) if path else ""
        if not oid:
            return ()
        if (path, oid) not in self._listed:
            self._listed[path, oid] = tuple(
                PlotFile(file, Content("git", blob))
                for file, blob in tree.files_below(path)
                if posixpath.splitext(file)[1].lower() in points.FORMATS
            )
        return self._listed[path, oid]


def mark_outputs(project: Project) -> None:
    """Say of the outputs in DVC's cache which plots are drawn from them."""
    names: dict[str, list[str]] = {}
    for plot in project.plots.values():
        for path in plot.data:
            for above in holders(path):
                if above in project.outputs:
                    names.setdefault(above, []).append(plot.name)
    for path, plots in names.items():
        project.outputs[path] = replace(project.outputs[path], plots=tuple(dict.fromkeys(plots)))


def _labelled(found: Mapping[str, PlotFile], plots: Iterable[Plot]) -> dict[str, PlotFile]:
    """The files with the names of their plots, and with what an output's plot says of its header."""
    names: dict[str, list[str]] = {}
    headless: set[str] = set()
    for plot in plots:
        for path in plot.data:
            if not plot.by_path:
                names.setdefault(path, []).append(plot.name)
            if ("header", "false") in plot.look:
                headless.add(path)
    if not names and not headless:
        return dict(found)
    return {path: _label(file, names, headless) for path, file in found.items()}


def _label(file: PlotFile, names: Mapping[str, list[str]], headless: set[str]) -> PlotFile:
    places = list(holders(file.path))
    own = tuple(dict.fromkeys(name for place in places for name in names.get(place, ())))
    header = headless.isdisjoint(places)
    return file if (own, header) == (file.plots, file.header) else replace(file, plots=own, header=header)
