"""What was told without values that DVC keeps elsewhere: told again with them, or with a hint how to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dvc_changelog.domain import (
    Change,
    ChangeType,
    Content,
    ImportChange,
    MetricChange,
    OutputChange,
    ParamChange,
    Release,
)
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots, Wanted

if TYPE_CHECKING:
    from dvc_changelog.workflows.sources import Sources

T = TypeVar("T")

_ROUNDS = 3
"""A manifest names what is asked for next, and a params file may bring templates of its own."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""


@contextmanager
def fetching(history: History, *, wanted: bool) -> Iterator[Sources | None]:
    """The sources of a repository's imports, where one asks to fetch; what was brought goes in the end."""
    if not wanted:
        yield None
        return
    from dvc_changelog.workflows.sources import Sources

    with tempfile.TemporaryDirectory(prefix="dvc-changelog-", ignore_cleanup_errors=True) as place:
        sources = Sources(history.git.root, Path(place))
        try:
            yield sources
        finally:
            sources.close()


def completed(
    tell: Callable[[], Sequence[Release]],
    snapshots: Snapshots,
    sources: Sources | None,
    progress: Progress | None = None,
) -> tuple[Sequence[Release], tuple[str, ...]]:
    """Releases with what can be had, and remarks on what cannot.

    Args:
        tell: tells the releases from what is on this machine.
        snapshots: what it reads from.
        sources: there where one asks to fetch: then the small objects that are missing come from DVC's
            remotes, and what changed in the sources of imports is told.
        progress: called as objects and sources come.

    Raises:
        UsageError: there is no working tree whose cache could take what is fetched.
    """
    releases = tell()
    needed = _needed(releases, snapshots)
    if sources is None:
        return _weighed(releases, snapshots), (*_hint(needed, snapshots), *_hint_of_sources(releases))
    releases, remarks = fetched(
        *(releases, tell, lambda told: _needed(told, snapshots), snapshots),
        forget=snapshots.forget,
        progress=progress,
    )
    releases, unread = sources.told(releases, progress)
    return _weighed(releases, snapshots), (*remarks, *unread)


def fetched(
    told: T,
    tell: Callable[[], T],
    needed: Callable[[T], dict[str, list[Wanted]]],
    snapshots: Snapshots,
    *,
    forget: Callable[[], None],
    progress: Progress | None,
) -> tuple[T, tuple[str, ...]]:
    """What was told, told again as long as objects come that it needs; and why others did not come.

    Args:
        told: what is told without them.
        tell: tells it anew.
        needed: the objects that it lacks, by project.
        snapshots: where they are fetched.
        forget: forgets what was read without them.
        progress: called as objects come.

    Raises:
        UsageError: there is no working tree whose cache could take what is fetched.
    """
    if snapshots.store.top is None:
        raise UsageError("A bare repository has no DVC cache to fetch into", "Run --fetch in a clone of it.")
    tried: set[tuple[str, Content]] = set()
    failures: dict[str, None] = {}
    for _ in range(_ROUNDS):
        came, failed = _brought(needed(told), tried, snapshots, progress)
        failures.update(dict.fromkeys(failed))
        if not came:
            break
        forget()
        told = tell()
    return told, tuple(failures)


def _brought(
    needed: dict[str, list[Wanted]],
    tried: set[tuple[str, Content]],
    snapshots: Snapshots,
    progress: Progress | None,
) -> tuple[int, list[str]]:
    """Fetch what is needed and was not tried yet: how much came, and why the rest did not."""
    step = (lambda done, total: progress("Fetching object", done, total)) if progress else None
    came = 0
    failures: list[str] = []
    for project, items in needed.items():
        new = [item for item in items if (project, item.content) not in tried]
        if new:
            tried.update((project, item.content) for item in new)
            got = snapshots.fetch(project, new, step)
            came += got.count
            failures += got.failures
    return came, failures


def _weighed(releases: Iterable[Release], snapshots: Snapshots) -> list[Release]:
    """Releases with what they were told from, and what was lacking."""
    missing = _missing(snapshots)
    return [_one_weighed(release, missing, snapshots.store.held) for release in releases]


def _one_weighed(release: Release, missing: _Missing, here: Container[str]) -> Release:
    unsettled = sum(_unsettled(change) for change in release.changes)
    settled = sum(migration.rehashed for migration in release.migrations) > unsettled
    held = settled or any(map(_of_source, release.changes))
    held = held or any(change.path in here for change in _changes(release))
    lacking = len(_lacking(release, missing)) + unsettled + sum(map(_untold, release.changes))
    if not lacking and not held:
        return release
    return replace(release, lacking=release.lacking + lacking, held=release.held or held)


def _unsettled(change: Change) -> bool:
    """Whether an output was migrated to another DVC, and only its bytes could tell if it changed."""
    match change:
        case OutputChange(change=ChangeType.UNKNOWN, old=old, new=new) if old and new:
            return old.content.migrated(new.content)
        case _:
            return False


def _untold(change: Change) -> bool:
    """Whether it is an import of which its source would tell more."""
    return isinstance(change, ImportChange) and change.moved and change.source_changes is None


def _of_source(change: Change) -> bool:
    return isinstance(change, ImportChange) and change.source_changes is not None


_Missing = dict[Content | str, list[tuple[str, Wanted]]]
"""Objects that are not here, with their project, by content and by path."""


def _missing(snapshots: Snapshots) -> _Missing:
    found: _Missing = {}
    for project, items in snapshots.store.wanted.items():
        for item in items.values():
            for key in (item.content, item.path):
                found.setdefault(key, []).append((project, item))
    return found


def _lacking(release: Release, missing: _Missing) -> set[tuple[str, Wanted]]:
    """What is missing of what changed: unchanged metrics need no values."""
    if not missing:
        return set()
    keys: set[Content | str] = set()
    for change in _changes(release):
        match change:
            case MetricChange(change=ChangeType.UNKNOWN) | ParamChange(change=ChangeType.UNKNOWN):
                keys |= {side for side in (change.old_content, change.new_content) if side}
                if change.within:  # the contents are the directory's; one side may know the file's own
                    keys.add(change.path)
            case OutputChange(old=old, new=new) if old and new:
                keys |= {old.content, new.content}
            case _:
                pass
    return {found for key in keys for found in missing.get(key, ())}


def _changes(release: Release) -> Iterator[Change]:
    """What changed in a release, and in the experiments on the way to it."""
    yield from release.changes
    for experiment in release.experiments or ():
        yield from experiment.changes


def _needed(releases: Iterable[Release], snapshots: Snapshots) -> dict[str, list[Wanted]]:
    """What is missing of all that changed, by project, in the order in which it was asked for.

    What is imported from another repository lies on no remote of this one.
    """
    missing = _missing(snapshots)
    needed = {found for release in releases for found in _lacking(release, missing)}
    return {
        project: found
        for project, items in snapshots.store.wanted.items()
        if (
            found := [
                item for item in items.values() if item.remote is not None and (project, item) in needed
            ]
        )
    }


def _hint(needed: dict[str, list[Wanted]], snapshots: Snapshots) -> tuple[str, ...]:
    items = [item for found in needed.values() for item in found]
    troubles = tuple(dict.fromkeys(snapshots.store.troubles.values()))
    listings = sum(1 for item in items if item.content.is_dir)
    parts = [
        f"{number:,} {what}{'' if number == 1 else 's'}"
        for number, what in (
            (len(items) - listings, "metrics or params file"),
            (listings, "directory listing"),
        )
        if number
    ]
    if not parts:
        return troubles
    verb = "is" if len(items) == 1 else "are"
    them = "it" if len(items) == 1 else "them"
    return (
        *troubles,
        f"{' and '.join(parts)} {verb} not in DVC's cache here; --fetch gets {them} from DVC's remote.",
    )


def _hint_of_sources(releases: Sequence[Release]) -> Iterator[str]:
    moved = {
        (change.path, change.new.name)
        for release in releases
        for change in release.changes
        if isinstance(change, ImportChange) and change.new and _untold(change)
    }
    if moved:
        what = "1 import is" if len(moved) == 1 else f"{len(moved):,} imports are"
        theirs = "its source" if len(moved) == 1 else "their sources"
        yield f"{what} at another commit of {theirs}; --fetch tells what changed there."
