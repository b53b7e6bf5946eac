"""The repositories that imports come from: brought here where one asks for it, and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Change, Import, ImportChange, Release, SourceChanges
from dvc_changelog.errors import ChangelogError, GitError, UnknownRevisionError
from dvc_changelog.history import History, MissingObjectError, forge_of_url
from dvc_changelog.history import source as elsewhere
from dvc_changelog.render.imports import repository
from dvc_changelog.snapshot import Options, Snapshots
from dvc_changelog.workflows.imported import Source, compared

Step = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""

_Sides = tuple[Import, Import]


@dataclass(slots=True)
class Sources:
    """The sources of the imports of one repository, each brought once.

    Args:
        root: the working tree's top directory, which paths of sources on this machine are seen from.
        place: a directory of our own.
    """

    root: Path
    place: Path
    _opened: dict[str, Source] = field(default_factory=dict)
    _failed: dict[str, str] = field(default_factory=dict)
    _asked: dict[str, set[str]] = field(default_factory=dict)
    _told: dict[tuple[str, _Sides], SourceChanges | str] = field(default_factory=dict)

    def told(
        self, releases: Sequence[Release], progress: Step | None
    ) -> tuple[list[Release], tuple[str, ...]]:
        """Releases with what changed in the sources of their imports, and remarks on what is not known."""
        moved = [
            (self._address(sides[1], release), sides)
            for release in releases
            for change in release.changes
            if (sides := _sides(change))
        ]
        wanted: dict[str, dict[str, None]] = {}
        for address, sides in moved:
            wanted.setdefault(address, {}).update(dict.fromkeys(side.rev_lock for side in sides))
        for done, (address, commits) in enumerate(wanted.items()):
            if progress:
                progress("Fetching source", done + 1, len(wanted))
            self._open(address, set(commits))
        remarks: dict[str, None] = {}
        completed = []
        for release in releases:
            changes = tuple(self._completed(change, release, remarks) for change in release.changes)
            completed.append(replace(release, changes=changes))
        return completed, tuple(remarks)

    def close(self) -> None:
        """End the processes that read the sources."""
        for source in self._opened.values():
            source.history.git.close()

    def _completed(self, change: Change, release: Release, remarks: dict[str, None]) -> Change:
        sides = _sides(change)
        if not sides or not isinstance(change, ImportChange):
            return change
        key = self._address(sides[1], release), sides
        if key not in self._told:
            self._told[key] = self._between(*key)
        found = self._told[key]
        if isinstance(found, str):
            remarks[found] = None
            return change
        return replace(change, source_changes=found)

    def _between(self, address: str, sides: _Sides) -> SourceChanges | str:
        """What changed, or why it is not known."""
        old, new = sides
        name, here = repository(new.url), old.name or old.path
        source = self._opened.get(address)
        if source is None:
            return f"{name}, the source of {here}, could not be read: {self._failed[address]}"
        try:
            found = compared(source, old, new)
        except UnknownRevisionError as error:
            return f"{name} no longer has the commit {error.name[:7]} that {here} was imported from"
        except (ChangelogError, MissingObjectError) as error:
            reason = error.what if isinstance(error, ChangelogError) else "a part of it is missing"
            return f"{name}, the source of {here}, could not be read: {reason}"
        if found == SourceChanges(forge=found.forge):
            return f"What became of {new.source or 'it'} in {name}, the source of {here}, is not known"
        return found

    def _address(self, side: Import, release: Release) -> str:
        """Where a source is fetched from, or its directory on this machine, as DVC takes it."""
        if elsewhere.is_address(side.url):
            return side.url
        roots = sorted(release.projects, key=len, reverse=True)
        bases = [root for root in roots if not root or side.path.startswith(f"{root}/")]
        places = (self.root / base / side.url for base in dict.fromkeys((*bases, "")))
        return next((str(place) for place in places if _is_directory(place)), side.url)

    def _open(self, address: str, commits: set[str]) -> None:
        """Bring a source, or read the one on this machine; what fails once is not tried again."""
        asked = self._asked.setdefault(address, set())
        if address in self._failed or (address in self._opened and commits <= asked):
            return
        try:
            if _is_directory(Path(address)):
                self._opened.setdefault(address, _local(Path(address)))
            elif elsewhere.is_address(address):
                place = self.place / str(list(self._asked).index(address))
                elsewhere.bring(address, commits - asked, place)
                if address not in self._opened:
                    self._opened[address] = _source(History(place), "", address)
            else:
                raise GitError("it is not on this machine")
        except ChangelogError as error:
            self._failed[address] = error.what
        asked |= commits


def _sides(change: Change) -> _Sides | None:
    """The two sides of an import that is at another commit of its source."""
    if not isinstance(change, ImportChange) or not change.moved or not change.old or not change.new:
        return None
    locked = change.old.rev_lock, change.new.rev_lock
    return (change.old, change.new) if all(map(elsewhere.is_commit, locked)) else None


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, a directory that may not be looked into
        return False


def _local(directory: Path) -> Source:
    """A source on this machine, read where it is; it may be a project within a repository."""
    history = History(directory)
    prefix = (
        "" if history.git.bare else directory.resolve().relative_to(history.git.root.resolve()).as_posix()
    )
    return _source(history, "" if prefix == "." else prefix, history.remote_url())


def _source(history: History, prefix: str, url: str) -> Source:
    return Source(history, Snapshots(history.git, Options(packages=False)), prefix, forge_of_url(url))
