"""What changes mean. Pure; cause, attribution, rollback and verdict have their place here.

What `trace` alone needs is imported when it is first used.
"""

from typing import TYPE_CHECKING

from dvc_changelog.deferred import deferred
from dvc_changelog.insight.annotations import TAG, tag_notes
from dvc_changelog.insight.attribution import Trail, turning_point
from dvc_changelog.insight.causes import Causes
from dvc_changelog.insight.commits import HOUSEKEEPING, UNDONE, grouped, said, speaks, without_undone
from dvc_changelog.insight.explain import explained, unmoved
from dvc_changelog.insight.files import Files, files_between
from dvc_changelog.insight.goals import is_resource
from dvc_changelog.insight.makings import Making
from dvc_changelog.insight.measured import measured
from dvc_changelog.insight.mixed import mixed, really_unmoved, unmixed
from dvc_changelog.insight.notes import notes
from dvc_changelog.insight.origins import are_two
from dvc_changelog.insight.restored import restored
from dvc_changelog.insight.reverts import names_a_commit, quoted, reverted
from dvc_changelog.insight.rollbacks import KnownRelease, Past, frozen
from dvc_changelog.insight.seeds import is_seed, seeds
from dvc_changelog.insight.splits import splits
from dvc_changelog.insight.touches import Known, touches
from dvc_changelog.insight.trends import trend, worse_since
from dvc_changelog.insight.verdicts import Judge, is_number, renamed_files, verdict_of
from dvc_changelog.insight.walk import Move, Way, moves, simplified, states
from dvc_changelog.insight.words import SPLIT_ORDER

if TYPE_CHECKING:
    from dvc_changelog.insight.conditions import condition, holds, onsets
    from dvc_changelog.insight.life import Turn, again, change_of, delta_of, reading, turns

__all__ = [
    "HOUSEKEEPING",
    "SPLIT_ORDER",
    "TAG",
    "UNDONE",
    "Causes",
    "Files",
    "Judge",
    "Known",
    "KnownRelease",
    "Making",
    "Move",
    "Past",
    "Trail",
    "Turn",
    "Way",
    "again",
    "are_two",
    "change_of",
    "condition",
    "delta_of",
    "explained",
    "files_between",
    "frozen",
    "grouped",
    "holds",
    "is_number",
    "is_resource",
    "is_seed",
    "measured",
    "mixed",
    "moves",
    "names_a_commit",
    "notes",
    "onsets",
    "quoted",
    "reading",
    "really_unmoved",
    "renamed_files",
    "restored",
    "reverted",
    "said",
    "seeds",
    "simplified",
    "speaks",
    "splits",
    "states",
    "tag_notes",
    "touches",
    "trend",
    "turning_point",
    "turns",
    "unmixed",
    "unmoved",
    "verdict_of",
    "without_undone",
    "worse_since",
]

__getattr__ = deferred(
    __name__,
    {
        "Turn": "dvc_changelog.insight.life",
        "again": "dvc_changelog.insight.life",
        "change_of": "dvc_changelog.insight.life",
        "condition": "dvc_changelog.insight.conditions",
        "delta_of": "dvc_changelog.insight.life",
        "holds": "dvc_changelog.insight.conditions",
        "onsets": "dvc_changelog.insight.conditions",
        "reading": "dvc_changelog.insight.life",
        "turns": "dvc_changelog.insight.life",
    },
)
