"""DVC's experiments: what was tried on top of a commit, whether or not it went into the history."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change import MetricChange, ParamChange
from dvc_changelog.domain.snapshot import Problem


@dataclass(frozen=True, slots=True)
class Experiment:
    """A commit that DVC keeps below `refs/exps`, compared with its baseline.

    `baseline` is the commit it was tried on. `message` is what its author said of it, "" for DVC's own words.
    `applied` is the first commit after the baseline that records all that the experiment recorded otherwise
    than its baseline, or "". `problems` are what cannot be read of it alone.
    """

    name: str
    commit_id: str
    baseline: str
    timestamp: int
    message: str = ""
    changes: tuple[ParamChange | MetricChange, ...] = ()
    applied: str = ""
    problems: tuple[Problem, ...] = ()
