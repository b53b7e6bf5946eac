"""Git, and nothing but Git: tags, ranges, commits, blobs. The only room that runs `git`."""

from dvc_changelog.history.carried import words
from dvc_changelog.history.forges import forge_of_url
from dvc_changelog.history.git import Git
from dvc_changelog.history.log import unsquashed
from dvc_changelog.history.messages import parse as parse_message
from dvc_changelog.history.messages import without_number
from dvc_changelog.history.objects import MissingObjectError, Objects, TreeEntry
from dvc_changelog.history.releases import Selection, Span, Tag, first_releases
from dvc_changelog.history.repository import History, Told
from dvc_changelog.history.tags import TagName
from dvc_changelog.history.tags import parse as parse_tag

__all__ = [
    "Git",
    "History",
    "MissingObjectError",
    "Objects",
    "Selection",
    "Span",
    "Tag",
    "TagName",
    "Told",
    "TreeEntry",
    "first_releases",
    "forge_of_url",
    "parse_message",
    "parse_tag",
    "unsquashed",
    "without_number",
    "words",
]
