"""What must not be: in a release that is to be made, or in a branch that is to be merged."""

from __future__ import annotations

from enum import StrEnum

from dvc_changelog.dataclass import dataclass


class FindingKind(StrEnum):
    """What was found; the names that `--fail-on` and `--allow` take.

    THRESHOLD: a metric is beyond its limit. REGRESSION: one got worse by more than its tolerance.
    UNREADABLE: what would decide cannot be read. UNDOCUMENTED: a model or source data changed and no commit
    says why. STALE_LOCK: `dvc.lock` is not what its pipeline would give. OUTDATED: the changelog is. DIRTY,
    ALTERED_DATA, NOT_PUSHED and POLICY are of a release alone.
    """

    DIRTY = "dirty"
    STALE_LOCK = "stale-lock"
    ALTERED_DATA = "altered-data"
    NOT_PUSHED = "not-pushed"
    THRESHOLD = "threshold"
    REGRESSION = "regression"
    UNREADABLE = "unreadable"
    UNDOCUMENTED = "undocumented"
    OUTDATED = "outdated"
    POLICY = "policy"


OF_RELEASE = (
    FindingKind.DIRTY,
    FindingKind.STALE_LOCK,
    FindingKind.ALTERED_DATA,
    FindingKind.NOT_PUSHED,
    FindingKind.THRESHOLD,
    FindingKind.UNREADABLE,
    FindingKind.POLICY,
)
"""What a release is held up by."""

OF_REVIEW = (
    FindingKind.THRESHOLD,
    FindingKind.REGRESSION,
    FindingKind.UNREADABLE,
    FindingKind.UNDOCUMENTED,
    FindingKind.STALE_LOCK,
    FindingKind.OUTDATED,
)
"""What a branch is held up by, in order of weight."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must not be. `what` and `remedy` are whole sentences; the remedy has the command.

    `path` is the file at fault, from the Git root, `commit_id` the commit that brought it; "" where there is
    none, or nobody knows. `subject` is what it is of: a metric's name, a stage's address, an output's path.
    `must` says that it cannot be let through: Git would make no such commit.
    """

    kind: FindingKind
    what: str
    remedy: str
    must: bool = False
    path: str = ""
    commit_id: str = ""
    subject: str = ""
