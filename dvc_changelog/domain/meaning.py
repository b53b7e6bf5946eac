"""What changes mean: why something moved, by which commit, whether that is good, and what is back again."""

from __future__ import annotations

from enum import Enum, StrEnum, auto

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.content import Value


class CauseKind(StrEnum):
    """What made an output change, at the root.

    NOTHING: nothing that is recorded changed upstream. UNKNOWN: what is recorded does not tell.
    """

    DATA = "data"
    IMPORT = "import"
    PARAM = "param"
    COMMAND = "command"
    FILE = "file"
    PACKAGE = "package"
    STAGE = "stage"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cause:
    """One root of a change of an output.

    `path` is the file at fault: the data set, the `.dvc` file of an import, the params file, the dvc.yaml
    of a command or stage, the source file, the file that pins a package. `name` is that of the param or
    package, the address of the stage for a command, a stage or NOTHING; of data that a stage made, and that
    had changed before, the address of that stage. `old` and `new` are the values of a param, the commands,
    the versions of a package, the commits of an import, and what a stage makes on the one side only.
    A param whose `change` is UNKNOWN is new to the last run, and its stage names it no more.
    `through` are the addresses of the stages between, from the root on; the one that makes the output itself
    is not among them. `commits` are ids of those of the release that touched the root, newest first: of data,
    imports and source files; of what is UNKNOWN, the one whose run made the output of other inputs than its
    lock has now, see `Mixed`. One that is not `recorded` stands in no lock: it may be why.
    """

    kind: CauseKind
    path: str
    name: str = ""
    change: ChangeType = ChangeType.MODIFIED
    old: Value = None
    new: Value = None
    through: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    recorded: bool = True

    @property
    def is_other_data(self) -> bool:
        """Whether all that is known is that what another stage made is not what it was."""
        unknown = self.kind in {CauseKind.NOTHING, CauseKind.UNKNOWN} or not self.recorded
        return unknown and bool(self.through)


class Gap(Enum):
    """Why a commit has no value of something: it is not there, or it cannot be read here."""

    ABSENT = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit did to a metric; `commit_id` is "" for what is not committed yet.

    `delta` is from the last number that was known, so also where the metric was gone in between; None where
    there was none, or it is no number now.
    """

    commit_id: str
    old: Value
    new: Value
    delta: float | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What of a metric's move no commit of the release accounts for.

    `unread` are commits of the release that cannot be read, or follow on such a one, newest first.
    `outside` is where its own commits lead to, where that is not what it is compared with: "" there.
    """

    delta: float
    unread: tuple[str, ...] = ()
    outside: str = ""


class Verdict(StrEnum):
    """Whether a metric moved for the better."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


class Goal(StrEnum):
    """Which way a metric is better. NONE: neither, or nobody knows."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of a metric's move.

    A move within the tolerance is `noise`: its verdict is neutral. `goal` is from the configuration where
    `configured`, else inferred from the name. `unit` is "" where neither tells one.
    """

    verdict: Verdict = Verdict.NEUTRAL
    goal: Goal = Goal.NONE
    noise: bool = False
    configured: bool = False
    unit: str = ""


UNJUDGED = Judgement()


@dataclass(frozen=True, slots=True)
class Alert:
    """A metric beyond its threshold, moved or not. `limit` is "min", "max" or "max-drop", `bound` its value.

    Of "max-drop", `value` is by how much the metric got worse from `old`. It is None where the limit could
    not be checked: `unchecked` says why, after "it cannot be checked: "; where nothing is known of the metric
    itself, `name` is the key of the rule, and `path` may be "".
    """

    path: str
    name: str
    limit: str
    bound: float
    value: float | None
    old: Value = None
    unchecked: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Swing:
    """A metric that went back on its way within a release, by more than it moved in the end.

    `turn` is the value farthest off the way from `old` to `new`; `steps` as in `MetricChange`.
    """

    path: str
    name: str
    old: float
    turn: float
    new: float
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """One metric on several splits of the data: the values by the name of the split, before and now.

    The training split comes first. `gap` is how far it is ahead of the split `behind` now, the one farthest
    behind, before and now; None where a value of either is missing. `grown` says that it got wider by more
    than the tolerance.
    """

    name: str
    splits: tuple[tuple[str, Value, Value], ...]
    path: str = ""
    behind: str = ""
    gap: tuple[float, float] | None = None
    grown: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """A metric that measures drift: with its threshold, if any, and the release since which it gets worse.

    `goal` is LOWER, or HIGHER for one such as a p-value.
    """

    path: str
    name: str
    old: Value
    new: Value
    limit: float | None = None
    since: str = ""
    goal: Goal = Goal.LOWER


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric that got worse slowly: each of the steps since the release `since` was within its tolerance.

    `releases` counts the steps, the last one included.
    """

    path: str
    name: str
    old: float
    new: float
    since: str
    releases: int


@dataclass(frozen=True, slots=True)
class Seed:
    """A param that seeds random numbers, as it is now; `old` is the value before, of one that is not new.

    `change` is None where it is the same, UNKNOWN where the value before cannot be read. A renamed one was at
    `old_path` as `old_name`, perhaps with another value. `declared`: see `ParamChange`.
    """

    path: str
    name: str
    new: Value
    old: Value
    change: ChangeType | None = None
    old_path: str = ""
    old_name: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Unmoved:
    """The outputs of one stage that all stayed the same though its inputs changed.

    `stage` is its address; `because` is what changed upstream of it.
    """

    stage: str
    paths: tuple[str, ...]
    because: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Mixed:
    """A stage whose run in dvc.lock never was, or may never have been: a `merge` put it together.

    `outputs` is the parent of the merge that has `paths` as they are, and made them of other inputs; `inputs`
    the one that has the inputs, and made something else of them, "" where none has all of them.
    """

    stage: str
    merge: str
    inputs: str
    outputs: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rollback:
    """What of a release is that of an earlier one again, and was not in the one compared with.

    `data`, `models` and `params` say that all of the kind are; metrics and plots are no data here.
    `params_files` are single files, where not all are. `whole`: all three kinds are those of that version,
    also what did not change of late. `tree`: so is all that Git has, but for the changelog.
    """

    version: str
    data: bool = False
    models: bool = False
    params: bool = False
    params_files: tuple[str, ...] = ()
    whole: bool = False
    tree: bool = False


@dataclass(frozen=True, slots=True)
class Revert:
    """A commit of the release that takes back another one of the repository: a merge, of what it brings in.

    `version` is the release that had brought it, "" for this one; `message` its subject, "" if that is not
    known. `undid` are paths of what DVC tracks, and names of params and metrics, that it changed back. Where
    it is a `merge`, it kept one side of them: no stage ran for that.
    """

    commit_id: str
    reverted: str
    message: str = ""
    version: str = ""
    undid: tuple[str, ...] = ()
    merge: bool = False
