"""The version that a branch would become once it is merged: what follows the last one that is out."""

from __future__ import annotations

from dvc_changelog.config import Config
from dvc_changelog.domain import Level, Revision, Successor
from dvc_changelog.errors import ChangelogError, ShallowCloneError
from dvc_changelog.history import History
from dvc_changelog.history.sides import Sides
from dvc_changelog.versioning import concern_of
from dvc_changelog.workflows.asked import Asked
from dvc_changelog.workflows.compare import Compared
from dvc_changelog.workflows.generate import selection_of
from dvc_changelog.workflows.next_version import Line, counted, of_line

_CUT = "this clone does not have the history since the last version"


def successor(history: History, config: Config, sides: Sides, compared: Compared) -> Successor:
    """What the target's next version would be with the branch in it.

    Its level is that of the branch, or of what the target has beyond its last version where that asks for
    more.

    Args:
        history: the repository.
        config: how versions are called; `artifact` asks for that of one.
        sides: the branch, and its target.
        compared: what the branch does.
    """
    try:
        return _followed(history, config, sides, compared)
    except ShallowCloneError:
        return Successor("", Level.NONE, why=_CUT)
    except ChangelogError as error:
        return Successor("", Level.NONE, why=error.what)


def _followed(history: History, config: Config, sides: Sides, compared: Compared) -> Successor:
    snapshots = compared.snapshots
    # What the branch brings, a project or an artifact, is there once it is merged.
    asked = Asked(sides.head, "", {sides.head: sides.head_name})
    selection = selection_of(history, snapshots, asked, config)
    config, selection = of_line(history, config, snapshots, asked, selection)
    merged = history.merged_tags(sides.target, sides.head)
    line = Line.of(config, counted(merged, selection, config))
    current = line.out.current.text if line.out.current else ""
    if not current and history.git.shallow:
        return Successor("", Level.NONE, why=_CUT)
    level = compared.release.bump.level
    if config.artifact:
        level = _asked_for(history, config, compared, (sides.base, sides.head))
    stable = line.stable.commit_id if line.stable else ""
    unreleased = stable not in {"", sides.target} and history.merge_base(stable, sides.target) == stable
    if unreleased and level < Level.MAJOR:
        level = max(level, _asked_for(history, config, compared, (stable, sides.target)))
    step = line.step(level, "", config, history.all_tags)
    return Successor(step.tag if step else "", level if step else Level.NONE, current)


def _asked_for(history: History, config: Config, compared: Compared, sides: tuple[str, str]) -> Level:
    """The level that what is between two commits asks for, for an artifact only what concerns it."""
    old, new = (_revision(history, compared, side) for side in sides)
    states = (compared.snapshots.at(old), compared.snapshots.at(new))
    concern = concern_of(config.artifact, states) if config.artifact else None
    commits = history.commits(old.commit_id, new.commit_id)
    return compared.teller.between(old, new, commits, concern=concern).bump.level


def _revision(history: History, compared: Compared, commit_id: str) -> Revision:
    known = (compared.release.base, compared.release.head)
    found = next((side for side in known if side and side.commit_id == commit_id), None)
    return found or history.at(commit_id, commit_id[:7])
