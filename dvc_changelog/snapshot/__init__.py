"""A revision -> Snapshot. The only room that knows DVC's files."""

from dvc_changelog.snapshot.concern import Concern
from dvc_changelog.snapshot.in_git import InGit
from dvc_changelog.snapshot.models import looks_like_model
from dvc_changelog.snapshot.past import Past, Place, Values, place_of
from dvc_changelog.snapshot.reader import Options, Snapshots
from dvc_changelog.snapshot.store import Wanted
from dvc_changelog.snapshot.tree import Kind, is_dvcs_own, kind_of
from dvc_changelog.snapshot.unreadable import UnreadableError

__all__ = [
    "Concern",
    "InGit",
    "Kind",
    "Options",
    "Past",
    "Place",
    "Snapshots",
    "UnreadableError",
    "Values",
    "Wanted",
    "is_dvcs_own",
    "kind_of",
    "looks_like_model",
    "place_of",
]
