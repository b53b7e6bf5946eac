"""What changes mean. Pure; cause, attribution, rollback and verdict have their place here."""

from dvc_changelog.insight.causes import Causes
from dvc_changelog.insight.commits import HOUSEKEEPING, UNDONE, grouped, notes, without_undone
from dvc_changelog.insight.files import Files, files_between
from dvc_changelog.insight.touches import Known, touches
from dvc_changelog.insight.walk import Move, moves

__all__ = [
    "HOUSEKEEPING",
    "UNDONE",
    "Causes",
    "Files",
    "Known",
    "Move",
    "files_between",
    "grouped",
    "moves",
    "notes",
    "touches",
    "without_undone",
]
