"""Files of a revision, in Git or in DVC's cache, each distinct content parsed once per process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TypeVar

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Problem, Value
from dvc_changelog.history import Git, MissingObjectError
from dvc_changelog.snapshot import sections, values
from dvc_changelog.snapshot.store import Store
from dvc_changelog.snapshot.unreadable import UnreadableError

T = TypeVar("T")

_MISSING = "its blob is not in this repository (a partial clone, or a damaged object store)"


@dataclass(frozen=True, slots=True)
class Failed:
    """A blob that could not be read or parsed, and why in one sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Absent(Failed):
    """What DVC keeps elsewhere: its content is known, its bytes are not on this machine."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that DVC keeps for a project: its content as recorded, and the remote that has it.

    For `remote` see `Output`.
    """

    content: Content
    project: str
    remote: str | None = ""


Source = str | Kept
"""Where the bytes of a file are: a blob of Git, by its id, or an object of DVC."""


@dataclass(slots=True)
class Blobs:
    """Reads and parses blobs, remembering by blob id and by the reader used: equal id, equal content."""

    git: Git
    store: Store
    _known: dict[tuple[Source, str, str], object] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def parsed(self, blob: Source, path: str, reader: Callable[[str, bytes], T], name: str) -> T | Failed:
        """What `reader(path, bytes)` makes of a blob, or of what DVC keeps.

        Args:
            blob: its id, or what is known of it.
            path: where it lies; readers that join paths depend on it.
            reader: a pure function that raises UnreadableError.
            name: the reader's name, so that two readers of one blob do not mix.
        """
        key = (blob, path, name)
        if key in self._known:
            return self._known[key]  # type: ignore[return-value]  # the key names the reader, hence the type
        read = self._kept(blob, path, reader) if isinstance(blob, Kept) else self._read(blob, path, reader)
        if not isinstance(read, Absent):  # it may come
            self._known[key] = read
        return read

    def ahead(self, blobs: Iterable[str]) -> None:
        """Read blobs together that are asked for next, but for those that were read already."""
        self.git.objects.ahead(blob for blob in blobs if blob not in self._seen)

    def data(self, blob: str) -> bytes | None:
        """The bytes of a blob, or None if the repository lacks it."""
        self._seen.add(blob)
        try:
            return self.git.objects.read(blob)
        except MissingObjectError:
            return None

    def _read(self, blob: str, path: str, reader: Callable[[str, bytes], T]) -> T | Failed:
        data = self.data(blob)
        if data is None:
            remedy = "; `git fetch --refetch --no-filter` gets it" if self.git.partial else ""
            return Failed(_MISSING + remedy)
        try:
            return reader(path, data)
        except UnreadableError as error:
            return Failed(str(error))

    def _kept(self, kept: Kept, path: str, reader: Callable[[str, bytes], T]) -> T | Failed:
        try:
            data = self.store.read(kept.content, kept.project, path, kept.remote)
            return Absent("") if data is None else reader(path, data)
        except UnreadableError as error:
            return Failed(str(error))


def is_missing(problem: Problem) -> bool:
    """Whether a file could not be read only because this clone lacks its blob."""
    return problem.reason.startswith(_MISSING)


@dataclass(slots=True)
class Complaints:
    """Collects what could not be read of one revision."""

    revision: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, reason: str, *, missing: bool = False, partly: bool = False) -> None:
        """Note that the file at `path` could not be read; see `Problem`."""
        problem = Problem(path, reason, self.revision, missing, partly)
        if problem not in self.problems:
            self.problems.append(problem)

    def unless_failed(self, path: str, result: T | Failed) -> T | None:
        """The result, or None with a complaint."""
        if isinstance(result, Failed):
            self.add(path, result.reason)
            return None
        return result


def document(path: str, data: bytes) -> Value:
    """Reader: the values of a params or metrics file."""
    return values.parse(path, data)


def flat_params(path: str, data: bytes) -> Mapping[str, Value]:
    """Reader: all values of a params file under dotted names."""
    found = sections.flat(data) if values.is_yaml(path) else None
    return values.flatten(values.parse(path, data)) if found is None else found


def flat_metrics(path: str, data: bytes) -> Mapping[str, Value]:
    """Reader: the values of a metrics file that DVC takes for metrics, under dotted names."""
    return values.flatten(values.metrics_only(values.parse(path, data)))
