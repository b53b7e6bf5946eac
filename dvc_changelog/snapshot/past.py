"""What one version of a file says, without the rest of its revision: between releases no more is asked.

A history has many more commits than releases. What a commit left alone is in it as in its parent, so all
that is read is each version of a file that matters, once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Gap, Output, Snapshot, Stage, StageRun, Value, within
from dvc_changelog.snapshot import lockfile, packages, pipeline
from dvc_changelog.snapshot.blobs import Blobs, Failed, flat_metrics, flat_params
from dvc_changelog.snapshot.recorded import contents_of, recorded_outputs
from dvc_changelog.snapshot.unreadable import UnreadableError

_READERS = {"metrics": flat_metrics, "params": flat_params}

Values = Mapping[str, Value] | Gap
"""The values of a file by their dotted names, or why there are none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where versions of a file say something: the `file` of Git itself, or a dvc.lock or `.dvc` file.

    These record an output as `output` (as a lock calls it, which knows no `wdir`), of the stage of this name;
    what is wanted may lie `below` it, in a tracked directory. Where the stage may have had another name, or
    other outputs, `pipeline` is the dvc.yaml that tells: a lock keeps what it knows of stages that are gone.
    """

    file: str
    output: str = ""
    stage: str = ""
    below: str = ""
    project: str = ""
    pipeline: str = ""


def place_of(output: Output, snapshot: Snapshot, path: str = "", *, renamed: bool = False) -> Place | None:
    """Where an output, or the file at `path` in it, is recorded; None where nothing records it.

    Unless it may have been `renamed`, its stage has the name and the outputs that it has in the snapshot.
    """
    if not output.file or output.content.algorithm == "git":
        return None
    stage = snapshot.stages.get(output.stage)
    roots = [root for root in snapshot.projects if within(output.file, root)]
    return Place(
        output.file,
        _in_lock(output.path, stage) if stage and stage.name else output.path,
        stage.name if stage else "",
        posixpath.relpath(path, output.path) if path and path != output.path else "",
        max(roots, key=len, default=""),
        stage.path if renamed and stage and stage.name else "",
    )


def _in_lock(path: str, stage: Stage) -> str:
    directory = posixpath.dirname(stage.path)
    if stage.wdir == directory or path.startswith("/") or "://" in path:
        return path
    relative = posixpath.relpath(path, stage.wdir or ".")
    return posixpath.normpath(posixpath.join(directory, relative))


class Recorded:
    """What one version of a dvc.lock or `.dvc` file records.

    Args:
        parts: see `recorded_outputs`.
        directory: that of the file.
        written: see `pipeline.written`, of the dvc.yaml beside; None where that is not asked for or known.
    """

    __slots__ = ("_by_output", "_directory", "_parts", "_written")

    def __init__(
        self,
        parts: Mapping[str, object],
        directory: str,
        written: Mapping[str, frozenset[str] | None] | None,
    ) -> None:
        self._parts, self._directory, self._written = parts, directory, written
        self._by_output: dict[str, dict[str, Content]] | None = None

    def content(self, place: Place) -> Content | Gap:
        """The content of the output that is recorded at a place."""
        stage = self.stage(place)
        part = None if stage is None else self._parts.get(stage)
        found = None if part is None else contents_of(part, self._directory).get(place.output)
        return found or Gap.ABSENT

    def stage(self, place: Place) -> str | None:
        """The name of the stage that made the output at a place, of a `.dvc` file that of the output itself.

        It is that of the place, but where the dvc.yaml beside says otherwise: then another one that has such
        an output, if there is just one.
        """
        if not place.pipeline:
            return place.stage or place.output
        names = [name for name in self._makers(place.output) if self._writes(name, place.output)]
        return place.stage if place.stage in names else names[0] if len(names) == 1 else None

    def _makers(self, output: str) -> Iterable[str]:
        """The stages of which the lock says that they made an output, be they gone or not."""
        if self._by_output is None:
            self._by_output = {}
            for name, part in self._parts.items():
                for path, content in contents_of(part, self._directory).items():
                    self._by_output.setdefault(path, {})[name] = content
        return self._by_output.get(output, ())

    def _writes(self, stage: str, output: str) -> bool:
        if self._written is None:
            return True
        name = stage if stage in self._written else stage.partition("@")[0]
        outs = self._written.get(name, frozenset())
        return outs is None or output in outs


@dataclass(slots=True)
class Past:
    """Reads single versions of files. What is missing in DVC's cache is nobody's to fetch for this alone."""

    blobs: Blobs
    _recorded: dict[tuple[str, str, str | None], Recorded | Gap] = field(default_factory=dict)
    _kept: dict[tuple[Content, str, str], Values] = field(default_factory=dict)

    def expect(self, blobs: Iterable[str]) -> None:
        """Say which versions will be asked for: they are read together, in less time."""
        self.blobs.ahead(blobs)

    def recorded(self, place: Place, blob: str, definition: str | None = "") -> Recorded | Gap:
        """What a version of the lock or `.dvc` file at a place records.

        Args:
            place: where that is.
            blob: the version, "" for none.
            definition: the version of the place's dvc.yaml beside it, None where that is not known.
        """
        if not blob:
            return Gap.ABSENT
        key = (place.file, blob, definition if place.pipeline else "")
        found = self._recorded.get(key)
        if found is None:
            read = self.blobs.parsed(blob, place.file, recorded_outputs, "recorded")
            if isinstance(read, Failed):
                found = Gap.UNREAD
            else:
                found = Recorded(read, posixpath.dirname(place.file), self._written(place, definition))
            self._recorded[key] = found
        return found

    def _written(self, place: Place, definition: str | None) -> Mapping[str, frozenset[str] | None] | None:
        if not place.pipeline or definition is None:
            return None
        if not definition:
            return {}
        read = self.blobs.parsed(definition, place.pipeline, pipeline.written, "written")
        return None if isinstance(read, Failed) else read

    def run(self, place: Place, blob: str, definition: str | None, wdir: str) -> StageRun | None:
        """The run of the stage of a place that a version of its lock recorded; None where it has none.

        `wdir` is the stage's working directory; for `definition` see `recorded`.
        """
        recorded = self.recorded(place, blob, definition)
        name = None if isinstance(recorded, Gap) else recorded.stage(place)
        read = self.blobs.parsed(blob, place.file, lambda _, data: lockfile.by_name(data), "stages")
        stage = None if name is None or isinstance(read, Failed) else read.get(name)
        return lockfile.run_of(stage, wdir) if stage else None

    def pinned(self, path: str, blob: str) -> Mapping[str, str] | None:
        """The packages that a version of a file pins or requires; None if it cannot be read."""
        read = self.blobs.parsed(blob, path, packages.parse, "packages")
        return None if isinstance(read, Failed) else read

    def content(self, place: Place, blob: str, definition: str | None = "") -> Content | Gap:
        """The content that a version of a lock or `.dvc` file records of an output; see `recorded`."""
        read = self.recorded(place, blob, definition)
        return read if isinstance(read, Gap) else read.content(place)

    def values(self, path: str, place: Place, blob: str, definition: str | None = "", *, kind: str) -> Values:
        """The values that a version of a file has, or of the file at `path` that it records.

        Args:
            path: of the params or metrics file.
            place: the file itself, or what records it.
            blob: the version, "" for none.
            definition: see `recorded`.
            kind: "metrics" or "params".
        """
        if place.output:
            content = self.content(place, blob, definition)
            return content if isinstance(content, Gap) else self._kept_values(path, place, content, kind)
        if not blob:
            return Gap.ABSENT
        read = self.blobs.parsed(blob, path, _READERS[kind], kind)
        return Gap.UNREAD if isinstance(read, Failed) else read

    def _kept_values(self, path: str, place: Place, content: Content, kind: str) -> Values:
        key = (content, path, kind)
        if key not in self._kept:
            self._kept[key] = self._read(content, path, place, kind)
        return self._kept[key]

    def _read(self, content: Content, path: str, place: Place, kind: str) -> Values:
        store = self.blobs.store
        try:
            own = store.glance_inside(content, place.project, place.below) if place.below else content
            data = store.glance(own, place.project, path) if own else None
            return Gap.UNREAD if data is None else _READERS[kind](path, data)
        except UnreadableError:
            return Gap.UNREAD
