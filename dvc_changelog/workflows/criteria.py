"""What a branch changes, in its own configuration, of what it is judged by.

What decides is the configuration that is checked out, or was given; here both sides of the branch are read as
Git has them. Nothing is, where the file is the same on both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dvc_changelog import config as configuration
from dvc_changelog.config import PLACES, Config
from dvc_changelog.domain import ChangeType, Criteria, FindingKind, MetricChange, Release, Revision, ValueFile
from dvc_changelog.errors import ConfigError
from dvc_changelog.history import History, MissingObjectError
from dvc_changelog.insight import renamed_files
from dvc_changelog.snapshot import Snapshots

Metrics = tuple[Mapping[str, ValueFile], Mapping[str, ValueFile]]
"""Those of base and head."""


def criteria(
    history: History,
    snapshots: Snapshots,
    release: Release,
    config: Config,
    default: Collection[FindingKind],
) -> Criteria | None:
    """What the configuration of the head says otherwise than that of the base.

    Args:
        history: the repository.
        snapshots: reads it.
        release: the branch.
        config: what judges it: its file is the one that is compared, unless that is in no revision.
        default: what fails where nobody says so.

    Returns:
        None where it says the same of all that decides what is found.
    """
    base, head, places = release.base, release.head, _places(history, config)
    if base is None or all(snapshots.git_id(at, base) == snapshots.git_id(at, head) for at in places):
        return None
    read = [_Read(history, snapshots, side, places) for side in (base, head)]
    was, now = (side.path for side in read)
    fate = ChangeType.ADDED if not was else ChangeType.DELETED if not now else ChangeType.MODIFIED
    found = Criteria(now or was, fate)
    for side in read:
        if side.unread:
            return replace(found, unread=side.unread, at_head=side is read[1])
    old, new = (side.config for side in read)
    if config.fail_on not in {old.fail_on, new.fail_on}:  # a flag or a variable decides, and no file
        new = replace(new, fail_on=old.fail_on)
    metrics = snapshots.at(base).metrics, snapshots.at(head).metrics
    return _compared(found, old, new, metrics=metrics, release=release, default=default)


class _Read:
    """The configuration of a revision; without a path where it has none."""

    def __init__(self, history: History, snapshots: Snapshots, side: Revision, places: Sequence[str]) -> None:
        self.path, self.config, self.unread = "", Config(), ""
        for place in places:
            blob = snapshots.blob(place, side)
            if not blob:
                continue
            try:
                found = configuration.read(place, history.git.objects.read(blob))
            except ConfigError as error:
                self.path, self.unread = place, error.what.removeprefix(f"{place}: ").rstrip(".")
                return
            except MissingObjectError:
                self.path, self.unread = place, "this clone lacks it"
                return
            if found:
                self.path, self.config = place, found
                return


def _compared(
    found: Criteria, old: Config, new: Config, *, metrics: Metrics, release: Release, default: Collection[str]
) -> Criteria | None:
    from dvc_changelog.insight.criteria import changed, missed

    changes = tuple(changed(old, new, default, *metrics, first=found.fate is ChangeType.ADDED))
    if not changes:
        return None
    moved = renamed_files(change for change in release.changes if isinstance(change, MetricChange))
    crossed = missed(old, metrics, moved, release.alerts) if any(c.looser for c in changes) else ()
    return replace(found, changes=changes, missed=tuple(crossed))


def _places(history: History, config: Config) -> tuple[str, ...]:
    """Where the configuration may lie that judges; nowhere, where it is no file of the repository."""
    if not config.source or config.source in PLACES:
        return PLACES
    root = history.git.root.resolve()
    path = Path(config.source).resolve()
    return (path.relative_to(root).as_posix(),) if path.is_relative_to(root) else ()
