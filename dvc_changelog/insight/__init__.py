"""What changes mean. Pure; cause, attribution, rollback and verdict have their place here."""

from dvc_changelog.insight.commits import HOUSEKEEPING, UNDONE, grouped, notes, without_undone
from dvc_changelog.insight.files import Files, files_between
from dvc_changelog.insight.touches import Known, touches

__all__ = [
    "HOUSEKEEPING",
    "UNDONE",
    "Files",
    "Known",
    "files_between",
    "grouped",
    "notes",
    "touches",
    "without_undone",
]
