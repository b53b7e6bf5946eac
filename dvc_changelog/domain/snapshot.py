"""What DVC tracks at one revision, as frozen values. Paths are relative to the Git root, with "/"."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.address import without_credentials
from dvc_changelog.domain.content import Content, Value
from dvc_changelog.domain.plot import Plot, PlotFile
from dvc_changelog.domain.stage import Stage, Stale
from dvc_changelog.domain.storage import Remotes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read. `reason` is one sentence; `revision` how the user knows the state.

    `missing` marks what a DVC file names, and neither Git nor DVC has: there is nothing to read. `partly`
    says that the rest of the file was read.
    """

    path: str
    reason: str
    revision: str
    missing: bool = False
    partly: bool = False


class Role(StrEnum):
    """Where an output comes from: brought in by a person (`.dvc`), or made by a stage."""

    SOURCE = "source"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A declaration of `artifacts:` in dvc.yaml or artifacts.yaml. `file` is where it stands.

    A `virtual` one, in GTO's word, need not exist at its path.
    """

    name: str
    path: str
    file: str
    type: str = ""
    labels: tuple[str, ...] = ()
    desc: str = ""
    virtual: bool = False

    @property
    def address(self) -> str:
        """As GTO addresses it from the Git root: "churn", "sub:churn"."""
        directory = posixpath.dirname(self.file)
        return f"{directory}:{self.name}" if directory else self.name


@dataclass(frozen=True, slots=True)
class Output:
    """A file or directory that DVC tracks.

    `file` is the `.dvc` file or dvc.lock that records it; of a file of Git the one whose artifact it is, of
    one that no artifact stands for its own path.
    `stage` is the address ("d/dvc.yaml:s") of its maker, or "". `remote` is where DVC keeps it, "" for the
    default remote, None where no remote of the project does: it is imported from another repository. `plots`
    are the names of those that are drawn from it. `altered`: the working tree has another content than what
    is recorded.
    """

    path: str
    content: Content
    role: Role
    stage: str = ""
    model: bool = False
    artifact: Artifact | None = None
    cached: bool = True
    desc: str = ""
    remote: str | None = ""
    plots: tuple[str, ...] = ()
    file: str = ""
    altered: bool = False

    @property
    def maker(self) -> str:
        """The stage that made this very content, or "": no run is known of what was altered since."""
        return "" if self.altered else self.stage


@dataclass(frozen=True, slots=True)
class ValueFile:
    """A params or metrics file: its values under dotted names.

    `values` is None when they cannot be read here. `content` is what is known of the file all the same, or
    of `within`, the tracked directory that holds it.
    """

    path: str
    values: Mapping[str, Value] | None
    content: Content | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """Data brought in from elsewhere: a Git/DVC repository, a URL, a database, DataChain (see `kind`).

    `path` is that of the `.dvc` file; of a dataset, which alone has a `name`, that of its dvc.yaml. `remote`
    is the one of the source that is asked, where it is named.
    """

    path: str
    kind: str
    url: str
    source: str = ""
    rev: str = ""
    rev_lock: str = ""
    content: Content | None = None
    name: str = ""
    remote: str = ""

    def same(self, other: Import) -> bool:
        """Whether both bring in the same, as far as is known: from the same source, at the same revision."""
        mine, theirs = self.content, other.content
        alike = mine is theirs
        if mine and theirs:
            alike = mine.same(theirs) or (mine.migrated(theirs) and not mine.differs(theirs))
        return alike and self._told() == other._told()

    def _told(self) -> Import:
        """What is compared besides the content; credentials say who asks, not what comes."""
        url, source = without_credentials(self.url), without_credentials(self.source)
        return replace(self, path="", content=None, url=url, source=source)


def within(path: str, directory: str) -> bool:
    """Whether a path is a directory, or lies in it; everything lies in the Git root, ""."""
    return not directory or path == directory or path.startswith(f"{directory}/")


def holders(path: str) -> Iterator[str]:
    """A path, and the directories above it, but for the Git root."""
    while path:
        yield path
        path, _, _ = path.rpartition("/")  # unlike dirname, this ends at an absolute path too


@dataclass(frozen=True, slots=True)
class Scope:
    """The one DVC project that is told alone: what lies in `root`, but not in the projects `nested` there."""

    root: str
    nested: tuple[str, ...] = ()

    def __call__(self, path: str) -> bool:
        """Whether a path belongs to the project."""
        return within(path, self.root) and not any(within(path, inner) for inner in self.nested)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What DVC's own commands meet in a clean checkout of the project at `root`. Paths are from the Git root.

    `bare`: Git has no `.dvc` directory of it. `unreadable` are the DVC files that DVC cannot read: then no
    command works but for those on `single` `.dvc` files; `first` are those of them whose data, once there,
    lets DVC read the others. `unrecorded` are outputs of which no hash is recorded, so that there is nothing
    to check out. `frozen` are stages that `dvc repro` does not run.
    """

    root: str
    bare: bool = False
    unreadable: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether no command works on the project as a whole."""
        return self.bare or bool(self.unreadable)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that DVC tracks at a revision.

    Equal blobs give identical objects, so that a comparison skips what is the same by `is`.
    `artifacts` are by file and name ("sub/dvc.yaml:churn"): several files may declare one name.
    `unrecorded` are outputs that a stage or `.dvc` file has, but no hash is recorded of, `awaited`
    metrics that are declared and would be of these.
    `unparsed` are files by the name of metrics that nothing declares and that cannot be read as such.
    `untold` are the addresses of stages that a dvc.yaml has, while neither its templates, which cannot be
    resolved, nor dvc.lock tells what they are: "train" also stands for each "train@…". `from_lock` are those
    of which dvc.lock alone tells, since their part of a dvc.yaml cannot be read.
    `plots` are the files that plots are drawn from, by path; `plot_definitions` are by file and name.
    `packages` maps a file to its {name: version}; `files` an environment or deployment file to its blob id;
    `locks` a dvc.lock to its schema.
    `projects` are the directories of the DVC projects, "" for one at the Git root; `filled` are those with
    data that `dvc checkout` brings, `obstacles` what it meets in each. `remote` says whether
    all of them name a default remote, `remotes` which ones each has, as far as that can be read. `scope` is
    there where one project is told alone.
    """

    outputs: Mapping[str, Output] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    unparsed: frozenset[str] = frozenset()
    params: Mapping[str, ValueFile] = field(default_factory=dict)
    metrics: Mapping[str, ValueFile] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    from_lock: frozenset[str] = frozenset()
    imports: Mapping[str, Import] = field(default_factory=dict)
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    plots: Mapping[str, PlotFile] = field(default_factory=dict)
    plot_definitions: Mapping[str, Plot] = field(default_factory=dict)
    packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()
    problems: tuple[Problem, ...] = ()
    projects: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    obstacles: tuple[Obstacles, ...] = ()
    remote: bool = False
    remotes: Mapping[str, Remotes] = field(default_factory=dict)
    scope: Scope | None = None

    @property
    def unreadable(self) -> frozenset[str]:
        """The files that are there and cannot be read: nothing of what they say is known to be gone."""
        return frozenset(problem.path for problem in self.problems if not (problem.missing or problem.partly))

    def may_have(self, stage: str) -> bool:
        """Whether there may be a stage of this address of which nothing is told: see `untold`."""
        return bool(self.untold) and not self.untold.isdisjoint((stage, stage.rpartition("@")[0]))

    @property
    def has_dvc(self) -> bool:
        """Whether there is a DVC project at all."""
        return bool(self.projects)
