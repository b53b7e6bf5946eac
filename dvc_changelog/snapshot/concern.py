"""Which changes of files may change what a revision has of one thing: told by their text alone."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import FileChange, Value, holders, same, within
from dvc_changelog.snapshot import pipeline
from dvc_changelog.snapshot.tree import Kind, is_dvcs_own, kind_of
from dvc_changelog.snapshot.unreadable import UnreadableError

_TELLING = {Kind.LOCK, Kind.DVCFILE, Kind.PIPELINE, Kind.ARTIFACTS, Kind.IGNORE}


@dataclass(frozen=True, slots=True)
class Concern:
    """What one asks for: its places, and the words by which a dvc.yaml may speak of it.

    `paths` are those of the thing, or of the file in which it stands: then it is `valued`, a metric or param.
    `names` are those of a value, of an artifact. `broad`: whatever DVC tracks may matter, as where templates
    decide what there is.
    """

    paths: frozenset[str]
    names: frozenset[str] = frozenset()
    valued: bool = False
    broad: bool = False

    @property
    def parts(self) -> frozenset[str]:
        """The names of the files and of the directories above them: a DVC file gives these literally."""
        return frozenset(posixpath.basename(above) for path in self.paths for above in holders(path))

    @property
    def words(self) -> frozenset[bytes]:
        """The parts, the names and the sections above these, as text."""
        sections = {above for name in self.names for above in _sections(name)}
        return frozenset(word.encode("utf-8", "surrogateescape") for word in self.parts | sections)


def may_move(
    concern: Concern,
    change: FileChange,
    data: Callable[[str], bytes | None],
    rewritten: Callable[[FileChange], Iterable[str]],
    values: Callable[[str, str], Mapping[str, Value] | None],
) -> bool:
    """Whether a commit's change of a file may change what is asked for.

    A lock or `.dvc` file does where it records an output of that name otherwise; a dvc.yaml where lines that
    name it differ, where one side cannot be read, or where it came or went.

    Args:
        concern: what is asked for.
        change: from the raw diff of a commit.
        data: reads a blob.
        rewritten: see `Snapshots.rewritten`.
        values: the values of the file of a path, by the id of its blob; None if it cannot be read.
    """
    came_or_went = not change.old_blob or not change.new_blob or change.path != change.old_path
    if any(within(path, own) for path in (change.path, change.old_path) for own in concern.paths):
        sides = [values(change.path, blob) for blob in (change.old_blob, change.new_blob) if blob]
        if came_or_went or not concern.valued or None in sides:
            return True
        old, new = (side or {} for side in sides)
        # A name that is in neither may stand in a list, of which a rule of the configuration makes metrics.
        still = (name in old and name in new and same(old[name], new[name]) for name in concern.names)
        return not all(still)
    kind = kind_of(change.path)
    if concern.broad:
        return kind in _TELLING or is_dvcs_own(change.path)
    match kind:
        case Kind.LOCK | Kind.DVCFILE:
            return any(posixpath.basename(output) in concern.parts for output in rewritten(change))
        case Kind.PIPELINE | Kind.ARTIFACTS:
            return came_or_went or _speaks_otherwise(change, concern.words, data)
        case Kind.IGNORE:
            return True
        case _:
            return came_or_went and is_dvcs_own(change.path)


def _speaks_otherwise(
    change: FileChange, words: Iterable[bytes], data: Callable[[str], bytes | None]
) -> bool:
    old, new = (data(blob) for blob in (change.old_blob, change.new_blob))
    if not _can_be_read(old) or not _can_be_read(new):
        return True
    wanted = (*words, b"wdir")
    return _lines(old or b"", wanted) != _lines(new or b"", wanted)


def _can_be_read(data: bytes | None) -> bool:
    try:
        return data is not None and bool(pipeline.load(data) or True)
    except UnreadableError:
        return False


def _lines(text: bytes, words: Iterable[bytes]) -> list[bytes]:
    return [line.strip() for line in text.splitlines() if any(word in line for word in words)]


def _sections(name: str) -> Iterable[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]
