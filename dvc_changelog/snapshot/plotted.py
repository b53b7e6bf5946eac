"""What DVC would draw of one state: its plots with the files of each, and what is in these.

Source of the form: dvc 3.67, `dvc/repo/plots/__init__.py`. Nothing is fetched, and no template is read here.
"""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Plot, Snapshot, holders, within
from dvc_changelog.snapshot import points, values, yaml12
from dvc_changelog.snapshot.blobs import Blobs
from dvc_changelog.snapshot.unreadable import UnreadableError, check_conflict, decoded

_ABSENT = "not in DVC's cache here"
_NO_MANIFEST = "the files of its directory are not known here"
_LARGEST = 8 * 2**20
"""Bytes of a file that is drawn. More is no plot that one looks at."""
_LARGEST_YAML = 2**20
_TABLES = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Drawable:
    """A plot as DVC would draw it: by its id, with the settings that dvc.yaml gives it.

    `file` is that dvc.yaml, "" for an output of a stage: DVC too calls these by their path alone. `sources`
    are the files it is drawn from, `project` the directory of its DVC project.
    """

    id: str
    file: str
    props: Mapping[str, Any]
    sources: tuple[str, ...]
    project: str


@dataclass(slots=True)
class Plotted:
    """The plots of one state, and their files."""

    blobs: Blobs
    snapshot: Snapshot
    troubles: dict[str, str] = field(default_factory=dict)
    """What is wrong with a directory of plots, by its path."""

    def drawables(self) -> Iterator[Drawable]:
        """All plots of the state; a directory gives one for each of its files."""
        plots = self.snapshot.plot_definitions.values()
        for plot in plots:
            project = self._project(plot.file)
            props = _props(plot)
            file = "" if plot.of_stage else plot.file
            if not plot.by_path:
                yield Drawable(plot.name, file, props, plot.data, project)
                continue
            nearer = [
                other.name
                for other in plots
                if other is not plot
                and other.by_path
                and (other.file, other.of_stage) == (plot.file, plot.of_stage)
                and other.name != plot.name
                and within(other.name, plot.name)
            ]
            for path in self._files(plot.name):
                if plot.of_stage or not any(within(path, name) for name in nearer):
                    yield Drawable(path, file, props, (path,), project)

    def content(self, path: str) -> Content | None:
        """What is known of the content of a plot's file; None where the state has none.

        Where the files of its directory are not known here, it is that of the directory.
        """
        known = self.snapshot.plots.get(path)
        if known:
            return known.content
        if output := self.snapshot.outputs.get(path):
            return output.content
        if value := self.snapshot.metrics.get(path):
            return value.content
        return self._inside(path)

    def bytes_of(self, path: str) -> bytes:
        """The content of a plot's file.

        Raises:
            UnreadableError: it is not on this machine, or too large.
        """
        content = self.content(path)
        if content is None:
            raise UnreadableError("not there")
        if content.algorithm == "git":
            data = self.blobs.data(content.digest)
            if data is None:
                raise UnreadableError("its blob is not in this repository")
        else:
            data = self.blobs.store.glance(content, self._project(path), path)
            if data is None:
                raise UnreadableError(_ABSENT)
        suffix = posixpath.splitext(path)[1].lower()
        if len(data) > (_LARGEST_YAML if suffix in {".yaml", ".yml"} else _LARGEST):
            raise UnreadableError("too large to draw")
        return data

    def document(self, path: str, *, header: bool = True) -> Any:
        """What DVC parses a plot's file to: the rows of a table as mappings, else the document.

        Raises:
            UnreadableError: it cannot be read.
        """
        data = self.bytes_of(path)
        suffix = posixpath.splitext(path)[1].lower()
        if delimiter := _TABLES.get(suffix):
            return _table(data, delimiter, header=header)
        return values.read_json(data) if suffix == ".json" else yaml12.document(data)

    def _files(self, path: str) -> Iterator[str]:
        """The file at a path, or those below it that DVC can draw, in order."""
        if self.content(path) and not self._is_directory(path):
            yield path
            return
        found = {
            file for file in (*self.snapshot.plots, *self.snapshot.outputs) if file.startswith(f"{path}/")
        }
        nested = [file for file in found if self._is_directory(file)]
        found.difference_update(nested)
        found.update(file for place in (path, *nested) for file in self._listed(place))
        yield from sorted(file for file in found if posixpath.splitext(file)[1].lower() in points.FORMATS)

    def _is_directory(self, path: str) -> bool:
        output = self.snapshot.outputs.get(path)
        return output is not None and output.content.is_dir

    def _listed(self, path: str) -> Iterator[str]:
        """The files in a directory of DVC, or in a part of one."""
        for above in holders(path):
            output = self.snapshot.outputs.get(above)
            if output is None or not output.content.is_dir:
                continue
            manifest = self._manifest(above, output.content)
            if manifest is None:
                self.troubles[path] = _NO_MANIFEST
                return
            for name in manifest:
                file = posixpath.join(above, name)
                if within(file, path):
                    yield file

    def _inside(self, path: str) -> Content | None:
        """The content of a file in a directory of DVC."""
        for above in holders(posixpath.dirname(path)):
            output = self.snapshot.outputs.get(above)
            if output and output.content.is_dir:
                manifest = self._manifest(above, output.content)
                if manifest is None:
                    return output.content  # where that is the same, so is the file
                digest = manifest.get(posixpath.relpath(path, above))
                return Content("md5", digest, legacy=output.content.legacy) if digest else None
        return None

    def _manifest(self, path: str, content: Content) -> Mapping[str, str] | None:
        try:
            return self.blobs.store.manifest(content, self._project(path), path)
        except UnreadableError:  # told by the snapshot's reader where that matters to it
            return None

    def _project(self, path: str) -> str:
        return max((root for root in self.snapshot.projects if within(path, root)), key=len, default="")


def _props(plot: Plot) -> dict[str, Any]:
    """The settings of a plot as dvc.yaml had them, by its `look`."""
    props: dict[str, Any] = {}
    for key, said in plot.look:
        file = _file_of(said, plot) if key in {"x", "y"} and not (key == "y" and plot.by_path) else ""
        if file:
            columns = props.setdefault(key, {})
            column = said.removeprefix(f"{file}: ")
            columns[file] = column if file not in columns else [*_listing(columns[file]), column]
        elif key == "header":
            props[key] = said != "false"
        else:
            props[key] = said if key not in props else [*_listing(props[key]), said]
    return props


def _listing(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _file_of(said: str, plot: Plot) -> str:
    """The file that a column is of, in "loss.tsv: loss"."""
    return max((file for file in plot.data if said.startswith(f"{file}: ")), key=len, default="")


def _table(data: bytes, delimiter: str, *, header: bool) -> list[dict[Any, Any]]:
    text = decoded(data)
    check_conflict(text)
    names = None
    try:
        if not header:
            first = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
            names = [str(number) for number in range(len(first))]
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter, fieldnames=names))
    except csv.Error as error:
        raise UnreadableError(f"not a table: {error}") from error
