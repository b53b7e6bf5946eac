"""The values that everything else speaks in. Frozen, without I/O, knowing no Git, DVC or Markdown.

Those of `trace`, which one command needs, are imported when they are first used.
"""

from typing import TYPE_CHECKING, Any

from dvc_changelog.domain.address import without_credentials
from dvc_changelog.domain.change import (
    ArtifactChange,
    Change,
    FileChanged,
    ImportChange,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    RemoteChange,
    SourceChanges,
    StageChange,
    is_lock_file,
)
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.content import Content, Value
from dvc_changelog.domain.criteria import Criteria, Criterion, Said
from dvc_changelog.domain.experiment import Experiment
from dvc_changelog.domain.finding import OF_RELEASE, OF_REVIEW, Finding, FindingKind
from dvc_changelog.domain.meaning import (
    UNJUDGED,
    Alert,
    Cause,
    CauseKind,
    Drift,
    Gap,
    Goal,
    Judgement,
    Rest,
    Revert,
    Rollback,
    Seed,
    Split,
    Step,
    Swing,
    Trend,
    Unmoved,
    Verdict,
)
from dvc_changelog.domain.plot import Plot, PlotData, PlotFile, PointChanges, Points
from dvc_changelog.domain.release import (
    Ask,
    Bump,
    Changelog,
    Deployment,
    Forbidden,
    Level,
    Lifecycle,
    LifecycleEvent,
    Migration,
    Note,
    Release,
)
from dvc_changelog.domain.review import Noticed, Picture, Review, Successor
from dvc_changelog.domain.revision import Author, Commit, FileChange, Forge, Revision, Touch
from dvc_changelog.domain.sameness import as_ran, same
from dvc_changelog.domain.snapshot import (
    Artifact,
    Import,
    Obstacles,
    Output,
    Problem,
    Role,
    Scope,
    Snapshot,
    ValueFile,
    holders,
    within,
)
from dvc_changelog.domain.stage import Dependency, Since, Stage, StageRun, Stale, covers
from dvc_changelog.domain.storage import Rehomed, Remotes

if TYPE_CHECKING:
    from dvc_changelog.domain.trace import Condition, Entry, Life, Onset, Reading, Subject, Traced

__all__ = [
    "OF_RELEASE",
    "OF_REVIEW",
    "UNJUDGED",
    "Alert",
    "Artifact",
    "ArtifactChange",
    "Ask",
    "Author",
    "Bump",
    "Cause",
    "CauseKind",
    "Change",
    "ChangeType",
    "Changelog",
    "Commit",
    "Condition",
    "Content",
    "Criteria",
    "Criterion",
    "Dependency",
    "Deployment",
    "Drift",
    "Entry",
    "Experiment",
    "FileChange",
    "FileChanged",
    "Finding",
    "FindingKind",
    "Forbidden",
    "Forge",
    "Gap",
    "Goal",
    "Import",
    "ImportChange",
    "Judgement",
    "Level",
    "Life",
    "Lifecycle",
    "LifecycleEvent",
    "MetricChange",
    "Migration",
    "Note",
    "Noticed",
    "Obstacles",
    "Onset",
    "Output",
    "OutputChange",
    "PackageChange",
    "ParamChange",
    "Picture",
    "Plot",
    "PlotChange",
    "PlotData",
    "PlotDefinitionChange",
    "PlotFile",
    "PointChanges",
    "Points",
    "Problem",
    "Reading",
    "Rehomed",
    "Release",
    "RemoteChange",
    "Remotes",
    "Rest",
    "Revert",
    "Review",
    "Revision",
    "Role",
    "Rollback",
    "Said",
    "Scope",
    "Seed",
    "Since",
    "Snapshot",
    "SourceChanges",
    "Split",
    "Stage",
    "StageChange",
    "StageRun",
    "Stale",
    "Step",
    "Subject",
    "Successor",
    "Swing",
    "Touch",
    "Traced",
    "Trend",
    "Unmoved",
    "Value",
    "ValueFile",
    "Verdict",
    "as_ran",
    "covers",
    "holders",
    "is_lock_file",
    "same",
    "within",
    "without_credentials",
]

_HOMES = {
    "Condition": "dvc_changelog.domain.trace",
    "Entry": "dvc_changelog.domain.trace",
    "Life": "dvc_changelog.domain.trace",
    "Onset": "dvc_changelog.domain.trace",
    "Reading": "dvc_changelog.domain.trace",
    "Subject": "dvc_changelog.domain.trace",
    "Traced": "dvc_changelog.domain.trace",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
