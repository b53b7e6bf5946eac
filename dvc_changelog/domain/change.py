"""One old/new pair between two snapshots: a closed union, one frozen type a kind."""

from __future__ import annotations

import posixpath

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.address import without_credentials
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.content import Content, Value
from dvc_changelog.domain.meaning import UNJUDGED, Cause, Judgement, Rest, Step
from dvc_changelog.domain.plot import Plot, PlotFile, PointChanges
from dvc_changelog.domain.revision import Commit, Forge
from dvc_changelog.domain.sameness import same
from dvc_changelog.domain.snapshot import Artifact, Import, Output, Problem
from dvc_changelog.domain.stage import Stage

_LOCK_FILES = frozenset(
    ("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "renv.lock", "conda-lock.yml", "conda-lock.yaml")
)


@dataclass(frozen=True, slots=True)
class OutputChange:
    """A data set or model (see `model`). `old_path` differs from `path` when it was renamed.

    A renamed one has equal content, or comes from the same stage as before: then see `content_change`.
    `because` are the roots of why it changed; empty where that is not asked, as of what a person added.
    `commits` are ids of those of the release that changed it, newest first, "" for what is not committed yet;
    empty where that is not known. `again` is the earlier release
    that had this very content, where the one compared with has another; `taken_back` the id of the revert
    that brought it back, if that is what changed it last. `awaited` is what its stage is to write instead,
    where it has not run since: then it is UNKNOWN, and dvc.lock still has the old content.
    """

    change: ChangeType
    path: str
    old: Output | None
    new: Output | None
    old_path: str = ""
    because: tuple[Cause, ...] = ()
    commits: tuple[str, ...] = ()
    again: str = ""
    taken_back: str = ""
    awaited: tuple[str, ...] = ()

    @property
    def model(self) -> bool:
        """Whether either side is a model."""
        return bool((self.new and self.new.model) or (self.old and self.old.model))

    @property
    def goes_to(self) -> str:
        """Where it is to be written; "" where another output may as well take its place."""
        one = self.awaited[0] if len(self.awaited) == 1 else ""
        return one if posixpath.splitext(one)[1] == posixpath.splitext(self.path)[1] else ""

    @property
    def rehashed(self) -> bool:
        """Whether the content may be the same under another hash: see `Content.may_equal`."""
        return bool(self.old and self.new and self.old.content.may_equal(self.new.content))

    @property
    def content_change(self) -> ChangeType:
        """What became of the content: `change`, but MODIFIED or UNKNOWN where it was not merely renamed."""
        if self.change is not ChangeType.RENAMED or not self.old or not self.new:
            return self.change
        if self.old.content.same(self.new.content):
            return ChangeType.RENAMED
        return ChangeType.MODIFIED if self.old.content.differs(self.new.content) else ChangeType.UNKNOWN


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """An output that is kept on another remote than before, or by DVC where it was in Git, or the reverse.

    Sides are the names of remotes, "" for the default one. `in_git` is "before" or "now" where Git, and not
    DVC, keeps it then, and "" where it does on neither side. `same` says that its content surely is what it
    was; it is told of what Git keeps, where the content may have changed as well.
    """

    change: ChangeType
    path: str
    old: str
    new: str
    in_git: str = ""
    same: bool = False


@dataclass(frozen=True, slots=True)
class ParamChange:
    """A hyperparameter. A renamed one has `old_path` and `old_name`; see `value_change` for what else became
    of it. `stages` are the addresses of those that use it now, or used it where it is gone.

    UNKNOWN with an empty name: the file may have changed, but its values "before", "now" or on "both" sides
    cannot be read here (`unread`); see `MetricChange` for the contents and `within`. UNKNOWN with a name: the
    value of the side that can be read. `commits`: see `OutputChange`. `declared` says that it came or went by
    its declaration alone: its file has it on the other side too, where nothing asks for it.
    """

    change: ChangeType
    path: str
    name: str
    old: Value
    new: Value
    stages: tuple[str, ...] = ()
    old_path: str = ""
    old_name: str = ""
    old_content: Content | None = None
    new_content: Content | None = None
    within: str = ""
    unread: str = ""
    commits: tuple[str, ...] = ()
    declared: bool = False

    @property
    def value_change(self) -> ChangeType:
        """What became of the value: `change`, but MODIFIED where it was not merely renamed."""
        if self.change is not ChangeType.RENAMED or same(self.old, self.new):
            return self.change
        return ChangeType.MODIFIED


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A metric value. UNKNOWN with an empty name: the file may have changed, its values cannot be read here.

    RENAMED: its file, with the same values, was at `old_path`. `within` is the tracked directory that holds a
    file that cannot be read; the contents are then the directory's. `unread`: see `ParamChange`.
    `steps` are what each commit of the release did to it, newest first; with `rest`, which is None where they
    account for all, they sum up to `delta`. `declared` says that it came or went by its declaration alone:
    on the other side its file is a plain output. `other_model` are models that are others by now than those
    that it was measured on.
    """

    change: ChangeType
    path: str
    name: str
    old: Value
    new: Value
    delta: float | None = None
    old_content: Content | None = None
    new_content: Content | None = None
    within: str = ""
    old_path: str = ""
    unread: str = ""
    judged: Judgement = UNJUDGED
    steps: tuple[Step, ...] = ()
    rest: Rest | None = None
    declared: bool = False
    other_model: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageChange:
    """A stage of a pipeline: its definition, never its results."""

    change: ChangeType
    path: str
    name: str
    old: Stage | None
    new: Stage | None


@dataclass(frozen=True, slots=True)
class ArtifactChange:
    """The declaration of an artifact in the file at `path`, whatever became of its data.

    RENAMED: it stands in another file, or has another name for the same content, and may differ in more.
    """

    change: ChangeType
    path: str
    name: str
    old: Artifact | None
    new: Artifact | None

    @property
    def old_address(self) -> str:
        """The address that it was asked for by, where it has another one now; else ""."""
        old, new = self.old, self.new
        return old.address if old and new and old.address != new.address else ""


@dataclass(frozen=True, slots=True)
class PlotChange:
    """A file that plots are drawn from. UNKNOWN: its hashes are of two kinds.

    `points` are those that came and went; None for a picture, and where `unread` says why they are not known.
    """

    change: ChangeType
    path: str
    old: PlotFile | None
    new: PlotFile | None
    points: PointChanges | None = None
    unread: str = ""
    old_path: str = ""


@dataclass(frozen=True, slots=True)
class PlotDefinitionChange:
    """What the dvc.yaml at `path` says of a plot, whatever became of its data."""

    change: ChangeType
    path: str
    name: str
    old: Plot | None
    new: Plot | None


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What changed in the source of an import, at the imported path, between the commits it was locked at.

    `commits` touched it on the way, newest first; `gone` are those that only the old commit had. `changes`
    have the paths of the source. `unchanged` says that it is surely the same; `problems` is what could not
    be read there and may tell more. `forge` is where links go.
    """

    commits: tuple[Commit, ...] = ()
    gone: tuple[Commit, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()
    forge: Forge | None = None


@dataclass(frozen=True, slots=True)
class ImportChange:
    """An import whose source or locked revision moved; `source_changes` is None where nobody looked there.

    RENAMED: it is the same one, told by another file.
    """

    change: ChangeType
    path: str
    old: Import | None
    new: Import | None
    source_changes: SourceChanges | None = None

    @property
    def moved(self) -> bool:
        """Whether it is at another commit of the same repository."""
        old, new = self.old, self.new
        if not old or not new or not old.rev_lock or not new.rev_lock:
            return False
        here = without_credentials(old.url) == without_credentials(new.url)
        return old.kind == new.kind == "repo" and here and old.rev_lock != new.rev_lock


@dataclass(frozen=True, slots=True)
class PackageChange:
    """A Python (R, conda) package pinned or required by the file at `path`, before by that at `old_path`."""

    change: ChangeType
    path: str
    name: str
    old: str | None
    new: str | None
    old_path: str = ""


def is_lock_file(path: str) -> bool:
    """Whether the file says what was installed: what the file beside it asks for, and what that draws in."""
    return path.rsplit("/", 1)[-1] in _LOCK_FILES


@dataclass(frozen=True, slots=True)
class FileChanged:
    """An environment or deployment file (Dockerfile, compose, k8s, CI). Sides are blob ids."""

    change: ChangeType
    path: str
    old: str | None
    new: str | None
    old_path: str = ""


Change = (
    OutputChange
    | ParamChange
    | MetricChange
    | StageChange
    | ArtifactChange
    | PlotChange
    | PlotDefinitionChange
    | ImportChange
    | PackageChange
    | FileChanged
    | RemoteChange
)
