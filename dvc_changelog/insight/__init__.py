"""What changes mean. Pure; cause, attribution, rollback and verdict have their place here."""

from dvc_changelog.insight.commits import HOUSEKEEPING, UNDONE, grouped, notes, without_undone
from dvc_changelog.insight.touches import Known, touches

__all__ = ["HOUSEKEEPING", "UNDONE", "Known", "grouped", "notes", "touches", "without_undone"]
