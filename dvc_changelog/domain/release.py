"""Releases and the changelog: what the workflows return and the renderers draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import IntEnum, StrEnum

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change import Change
from dvc_changelog.domain.experiment import Experiment
from dvc_changelog.domain.meaning import (
    Alert,
    Drift,
    Mixed,
    Revert,
    Rollback,
    Seed,
    Split,
    Swing,
    Trend,
    Unmoved,
)
from dvc_changelog.domain.revision import Author, Commit, Forge, Revision
from dvc_changelog.domain.snapshot import Obstacles, Problem
from dvc_changelog.domain.stage import Stale


class Level(IntEnum):
    """How large a version step is; the next one is the `max()` of what is asked for."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing of a release, and the level it asks for.

    `kind` is "commit", "note" or that of a change in the JSON; `name`, `path` and `change` are as there, of a
    commit its subject and its group. `why` says in a few plain words what of it asks; `rule` is the label of
    the configured rule that decided, "" for one that is built in.
    """

    level: Level
    kind: str
    name: str
    path: str = ""
    change: str = ""
    why: str = ""
    commit_id: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A rule that allows no release of `level` or above, as things are; `why` is a sentence without its stop.

    `unchecked`: what it asks for cannot be read, so that nobody knows.
    """

    level: Level
    rule: str
    why: str
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class Bump:
    """A version step and its reasons: all that was asked for, the highest level first; what is forbidden."""

    level: Level = Level.NONE
    asks: tuple[Ask, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()

    @property
    def because(self) -> tuple[Ask, ...]:
        """What asks for the level that it comes to."""
        return tuple(ask for ask in self.asks if ask.level is self.level and ask.level > Level.NONE)

    def forbids(self, level: Level) -> tuple[Forbidden, ...]:
        """What forbids a release of a level, or may do so and could not be checked."""
        return tuple(found for found in self.forbidden if found.level <= level)


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote for the reader: a trailer such as `Reason:`, or the message of an annotated tag.

    It is of a commit or of a `tag`. The message of a tag has the kind "tag"; its paragraphs stand a blank
    line apart, and each line of one is a line that the person meant, or an item of a list ("- ", "1. ").
    """

    kind: str
    text: str
    commit_id: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A GTO tag that says where an artifact runs: an event in the release where it happened.

    `version` is the tag that registers the artifact's version on the same commit, or "". `author` made the
    tag, `message` is what it says.
    """

    tag: str
    artifact: str
    target: str
    timestamp: int
    commit_id: str
    cancelled: bool = False
    version: str = ""
    author: Author | None = None
    message: str = ""


class LifecycleEvent(StrEnum):
    """What befell an artifact, or one of its versions."""

    CREATED = "created"
    REGISTERED = "registered"
    CANCELLED = "cancelled"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A GTO tag that is neither a release nor a deployment.

    `version` is "v1.0.0", or "" where the event is of the whole artifact. A registration is one of these only
    if it was cancelled since. `author` and `message`: see `Deployment`.
    """

    tag: str
    artifact: str
    event: LifecycleEvent
    timestamp: int
    commit_id: str
    version: str = ""
    author: Author | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """DVC's files brought into the form of another DVC, which is no change of what they record.

    `path` is that of a lock whose schema went from `old` to `new`. Without one, so many `outputs` went from
    the hashes of DVC `old` to those of DVC `new`; `rehashed` of them have another hash, and kept their size.
    """

    old: str
    new: str
    path: str = ""
    outputs: int = 0
    rehashed: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """The commits, changes and notes between two revisions.

    `head` is the state described; `head.version` is None for the unreleased part. `base` is the state
    compared with, None at the first release. `state` stands for the commits in between but for those of the
    changelog alone: where it and `base` are the same, so is what there is to tell. `project` is the directory
    of the one DVC project that is told alone, None for all. `aliases` are further tags on the same commit.
    `apart` says that `base` stands on another branch: what it alone has was never in the head. `steady` says
    that the data of the artifact whose release it is did not change.
    `commits` come newest first, without merges (`merges` counts them). `movers` are those that
    moved a metric, newest first: merges and others that are not listed, too.
    `projects` are the directories of the DVC projects, `filled` and `base_filled` those with data on either
    side, `obstacles` and `base_obstacles` what DVC's commands meet there; `remote` and `base_remote` say
    whether `dvc pull` has a default remote. `pipelines` are the paths of each dvc.yaml with stages.
    `experiments` are those tried on the way to it, newest first; None where nobody asked for them.
    `review` marks a comparison of any two revisions. `namesakes` are names of releases that only a
    leading "v" tells apart: these are called in full. `forge` is where links go; None for none.
    `bump` is the step that what it has asks for, `step` the one that its tag took.
    `swings`, `splits`, `drifts`, `trends`, `alerts` are of metrics. `seeds` is None where there is nothing
    that a seed would be for. `unmoved` are outputs that changed inputs did not change. `rollbacks` come
    newest version first. `mixed` are stages whose runs merges made up.
    `lacking` counts what would tell more and is not on this machine: objects that DVC keeps, experiments
    where there are none; `held` says whether others were read here. `messages` of a review are remarks for
    the person running the tool; a changelog has its own.
    """

    head: Revision
    base: Revision | None
    line: str = ""
    state: str = ""
    project: str | None = None
    aliases: tuple[str, ...] = ()
    apart: bool = False
    steady: bool = False
    prerelease: bool = False
    prereleases: tuple[str, ...] = ()
    commits: tuple[Commit, ...] = ()
    movers: tuple[Commit, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    migrations: tuple[Migration, ...] = ()
    lifecycle: tuple[Lifecycle, ...] = ()
    experiments: tuple[Experiment, ...] | None = None
    problems: tuple[Problem, ...] = ()
    stale: tuple[Stale, ...] = ()
    projects: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    base_filled: tuple[str, ...] = ()
    obstacles: tuple[Obstacles, ...] = ()
    base_obstacles: tuple[Obstacles, ...] = ()
    remote: bool = False
    base_remote: bool = False
    pipelines: tuple[str, ...] = ()
    review: bool = False
    namesakes: frozenset[str] = frozenset()
    forge: Forge | None = None
    bump: Bump = field(default_factory=Bump)
    step: Level = Level.NONE
    merges: int = 0
    statistics: Mapping[str, int] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    swings: tuple[Swing, ...] = ()
    splits: tuple[Split, ...] = ()
    drifts: tuple[Drift, ...] = ()
    trends: tuple[Trend, ...] = ()
    seeds: tuple[Seed, ...] | None = None
    unmoved: tuple[Unmoved, ...] = ()
    rollbacks: tuple[Rollback, ...] = ()
    reverts: tuple[Revert, ...] = ()
    mixed: tuple[Mixed, ...] = ()
    lacking: int = 0
    held: bool = False
    messages: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether several DVC projects are told together: then a name alone may be any project's."""
        return len(self.projects) > 1


@dataclass(frozen=True, slots=True)
class Changelog:
    """All releases asked for, newest first. `order` names every release of the repository in document order.

    `cancelled` are registrations of GTO that were cancelled since: releases that a file may still have.

    `messages` are remarks for the person running the tool (stderr), such as tags that were left out.
    `artifact` is the full name of the one whose releases these are, "" for those of the repository.
    """

    releases: tuple[Release, ...]
    order: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    artifact: str = ""
