"""What one version of a file says, without the rest of its revision: between releases no more is asked.

A history has many more commits than releases. What a commit left alone is in it as in its parent, so all
that is read is each version of a file that matters, once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dvc_changelog.domain import Content, Gap, Output, Snapshot, Stage, Value, within
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
    what is wanted may lie `below` it, in a tracked directory.
    """

    file: str
    output: str = ""
    stage: str = ""
    below: str = ""
    project: str = ""


def place_of(output: Output, snapshot: Snapshot, path: str = "") -> Place | None:
    """Where an output, or the file at `path` in it, is recorded; None where nothing records it."""
    if not output.file or output.content.algorithm == "git":
        return None
    stage = snapshot.stages.get(output.stage)
    if stage and stage.name:
        place = Place(output.file, _in_lock(output.path, stage), stage.name)
    else:
        place = Place(output.file, output.path)
    roots = [root for root in snapshot.projects if within(output.file, root)]
    below = posixpath.relpath(path, output.path) if path and path != output.path else ""
    return replace(place, below=below, project=max(roots, key=len, default=""))


def _in_lock(path: str, stage: Stage) -> str:
    if path.startswith("/") or "://" in path:
        return path
    relative = posixpath.relpath(path, stage.wdir or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(stage.path), relative))


@dataclass(slots=True)
class Past:
    """Reads single versions of files. What is missing in DVC's cache is nobody's to fetch for this alone."""

    blobs: Blobs
    _indices: dict[tuple[str, str], Mapping[str, list[Content]]] = field(default_factory=dict)
    _kept: dict[tuple[Content, str, str], Values] = field(default_factory=dict)

    def expect(self, blobs: Iterable[str]) -> None:
        """Say which versions will be asked for: they are read together, in less time."""
        self.blobs.ahead(blobs)

    def content(self, place: Place, blob: str) -> Content | Gap:
        """The content that a version of a lock or `.dvc` file records of an output."""
        if not blob:
            return Gap.ABSENT
        read = self.blobs.parsed(blob, place.file, recorded_outputs, "recorded")
        if isinstance(read, Failed):
            return Gap.UNREAD
        # A lock has stages by name, or by the first line of their text; a `.dvc` file its outputs.
        for name in (f"{place.stage}:", place.stage) if place.stage else (place.output,):
            part = read.get(name)
            if part is not None and (found := contents_of(part, place.file).get(place.output)):
                return found
        return self._elsewhere(place, blob, read)

    def _elsewhere(self, place: Place, blob: str, read: Mapping[str, object]) -> Content | Gap:
        """The content under another stage's name, if there is just one that has such an output."""
        index = self._indices.get((place.file, blob))
        if index is None:
            found: dict[str, list[Content]] = {}
            for part in read.values():
                for path, content in contents_of(part, place.file).items():
                    found.setdefault(path, []).append(content)
            index = self._indices[place.file, blob] = found
        contents = index.get(place.output, ())
        return contents[0] if len(contents) == 1 else Gap.ABSENT

    def values(self, path: str, place: Place, blob: str, kind: str) -> Values:
        """The values that a version of a file has, or of the file at `path` that it records.

        Args:
            path: of the params or metrics file.
            place: the file itself, or what records it.
            blob: the version, "" for none.
            kind: "metrics" or "params".
        """
        if place.output:
            content = self.content(place, blob)
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
