"""What one version of a file says, without the rest of its revision: between releases no more is asked.

A history has many more commits than releases. What a commit left alone is in it as in its parent, so all
that is read is each version of a file that matters, once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
    what is wanted may lie `below` it, in a tracked directory. A stage that is not there by its name may have
    had another one, unless it is asked for `alone`.
    """

    file: str
    output: str = ""
    stage: str = ""
    below: str = ""
    project: str = ""
    alone: bool = False


def place_of(output: Output, snapshot: Snapshot, path: str = "", *, renamed: bool = True) -> Place | None:
    """Where an output, or the file at `path` in it, is recorded; None where nothing records it.

    Unless `renamed`, stages have the names that they have in the snapshot.
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
        alone=not renamed,
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
    """

    __slots__ = ("_by_output", "_directory", "_parts")

    def __init__(self, parts: Mapping[str, object], directory: str) -> None:
        self._parts, self._directory = parts, directory
        self._by_output: dict[str, list[Content]] | None = None

    def content(self, place: Place) -> Content | Gap:
        """The content of the output that is recorded at a place."""
        # A lock has stages by name, a `.dvc` file its outputs.
        part = self._parts.get(place.stage or place.output)
        found = None if part is None else contents_of(part, self._directory).get(place.output)
        return found or (Gap.ABSENT if place.alone else self._elsewhere(place.output))

    def _elsewhere(self, output: str) -> Content | Gap:
        """The content under another stage's name, if there is just one that has such an output."""
        if self._by_output is None:
            self._by_output = {}
            for part in self._parts.values():
                for path, content in contents_of(part, self._directory).items():
                    self._by_output.setdefault(path, []).append(content)
        contents = self._by_output.get(output, ())
        return contents[0] if len(contents) == 1 else Gap.ABSENT


@dataclass(slots=True)
class Past:
    """Reads single versions of files. What is missing in DVC's cache is nobody's to fetch for this alone."""

    blobs: Blobs
    _recorded: dict[tuple[str, str], Recorded | Gap] = field(default_factory=dict)
    _kept: dict[tuple[Content, str, str], Values] = field(default_factory=dict)

    def expect(self, blobs: Iterable[str]) -> None:
        """Say which versions will be asked for: they are read together, in less time."""
        self.blobs.ahead(blobs)

    def recorded(self, file: str, blob: str) -> Recorded | Gap:
        """What a version of a lock or `.dvc` file records; `blob` is "" for none."""
        if not blob:
            return Gap.ABSENT
        found = self._recorded.get((file, blob))
        if found is None:
            read = self.blobs.parsed(blob, file, recorded_outputs, "recorded")
            found = Gap.UNREAD if isinstance(read, Failed) else Recorded(read, posixpath.dirname(file))
            self._recorded[file, blob] = found
        return found

    def content(self, place: Place, blob: str) -> Content | Gap:
        """The content that a version of a lock or `.dvc` file records of an output."""
        read = self.recorded(place.file, blob)
        return read if isinstance(read, Gap) else read.content(place)

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
