"""What `init` writes out of a repository: the rules that the names of its metrics suggest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dvc_changelog.config import Config
from dvc_changelog.domain import Goal
from dvc_changelog.errors import ChangelogError
from dvc_changelog.history import History
from dvc_changelog.insight import Judge, is_number
from dvc_changelog.workflows.common import snapshots_of

_FEW = 3
"""So many names that end alike stand for themselves; more of them share a glob."""


class Suggested(NamedTuple):
    """What is better for each metric, by the glob of its rule; "" where its name does not tell.

    `unread` are metrics files that cannot be read here: of those in them nothing is known.
    """

    rules: Mapping[str, str]
    unread: tuple[str, ...] = ()


def metric_rules(repo: Path) -> Suggested:
    """The rules for the metrics at HEAD; none where there is no commit yet, or no DVC file can be read."""
    history = History(repo)
    try:
        snapshot = snapshots_of(history, Config()).at(history.revision("HEAD"))
    except ChangelogError:
        return Suggested({})
    judge = Judge()
    goals: dict[str, set[Goal]] = {}
    for path, file in snapshot.metrics.items():
        for name, value in (file.values or {}).items():
            if is_number(value):
                goals.setdefault(_escaped(name or path), set()).add(judge.goal(path, name, value))
    found = {key: goal.pop() if len(goal) == 1 else Goal.NONE for key, goal in goals.items()}
    told = _grouped(found)
    return Suggested(
        {key: "" if goal is Goal.NONE else goal.value for key, goal in told.items()},
        tuple(path for path, file in snapshot.metrics.items() if file.values is None),
    )


def _grouped(goals: Mapping[str, Goal]) -> dict[str, Goal]:
    """Metrics by name, many whose last part is the same by that, where the same is better for all of them."""
    endings: dict[str, list[str]] = {}
    for key in goals:
        _, dot, last = key.rpartition(".")
        endings.setdefault(f"*.{last}" if dot else key, []).append(key)
    shared = {
        key: ending
        for ending, keys in endings.items()
        if len(keys) > _FEW and len({goals[key] for key in keys}) == 1
        for key in keys
    }
    return {shared.get(key, key): goal for key, goal in goals.items()}


def _escaped(name: str) -> str:
    """The glob that only this name matches."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
