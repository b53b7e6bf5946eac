"""A review as a comment of a pull request: Markdown that GitHub, GitLab, Gitea and Bitbucket read alike."""

from dvc_changelog.render.comment.document import comment
from dvc_changelog.render.comment.marks import is_marked, mark

__all__ = ["comment", "is_marked", "mark"]
