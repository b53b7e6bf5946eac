"""A branch under review: what a reviewer is told, beyond what a release tells."""

from __future__ import annotations

from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.criteria import Criteria
from dvc_changelog.domain.finding import Finding, FindingKind
from dvc_changelog.domain.meaning import Cause, Unmoved
from dvc_changelog.domain.release import Level, Release
from dvc_changelog.domain.storage import Rehomed


@dataclass(frozen=True, slots=True)
class Successor:
    """The version that a branch would become once it is merged.

    `tag` is "" where it asks for none; then `level` is NONE. `current` is the tag of the greatest version
    that is out, "" where there is none. `why` says why no version can be told, "" where one is.
    """

    tag: str
    level: Level
    current: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that goes with a review: `name` is that of its file, `data` its bytes.

    `alt` says in words what it shows. `url` is where a reader's browser finds it; "" where it is nowhere yet.
    """

    title: str
    name: str
    data: bytes
    alt: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a reviewer would want to know of, though no rule is broken.

    `unexplained` are models that are others, though the stage that makes them read the same. `unmoved`
    are those of the release that are of models or metrics. `without_model`: metrics moved, and there are
    models, none of which changed; `because` is why, as far as that is recorded. `other_data` are paths of
    data that metrics which moved were measured on, and which is not what it was before. `orphaned` are
    those of models, of metrics and of what stages read that a stage made before, and none makes now.
    `readers` are the addresses of the stages that read one of these still, by its path.
    `rehomed` are remotes of DVC that are elsewhere. `shared` are names of metrics that several files have, on
    either side. `other_model` are models that are not those which metrics that moved were measured on.
    `unheeded` are params that changed and that no stage depends on, by file and name.
    """

    unexplained: tuple[str, ...] = ()
    unmoved: tuple[Unmoved, ...] = ()
    without_model: bool = False
    because: tuple[Cause, ...] = ()
    other_data: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    readers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rehomed: tuple[Rehomed, ...] = ()
    shared: frozenset[str] = frozenset()
    other_model: tuple[str, ...] = ()
    unheeded: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a branch does to data, models, params and metrics, for the person who reviews it.

    `release` has the changes, from `release.base` to `release.head`. `target` and `branch` are the two sides
    as the reviewer calls them. `from_merge_base` says that the base is what both have in common; then
    `behind` counts the commits of the target that the branch does not have yet. `findings` are all that were
    looked for and found, in order of weight; those of a kind in `fail_on` make the review fail. `checked` are
    the rules that were looked at. Of those that could not be checked, `unchecked` has one each that says why:
    nobody knows whether they hold. Of the others without a finding is known that they do. `contested` is what
    the target changed as well since the two parted: paths, and params as "params.yaml:lr". `criteria` is what
    the branch changes of what it is judged by. `command` is what was called, for the last line.
    """

    release: Release
    target: str
    branch: str
    from_merge_base: bool = False
    behind: int = 0
    findings: tuple[Finding, ...] = ()
    fail_on: frozenset[FindingKind] = frozenset()
    checked: tuple[FindingKind, ...] = ()
    unchecked: tuple[Finding, ...] = ()
    noticed: Noticed = Noticed()
    contested: tuple[str, ...] = ()
    criteria: Criteria | None = None
    successor: Successor | None = None
    pictures: tuple[Picture, ...] = ()
    command: str = "dvc-changelog review"
    messages: tuple[str, ...] = field(default=())

    @property
    def failing(self) -> tuple[Finding, ...]:
        """What makes it fail: a rule that it fails on is to be known to hold."""
        return tuple(found for found in (*self.findings, *self.unchecked) if found.kind in self.fail_on)
