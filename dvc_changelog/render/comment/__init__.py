"""A review as a comment of a pull request: Markdown that GitHub, GitLab, Gitea and Bitbucket read alike."""

from dvc_changelog.render.comment.document import comment
from dvc_changelog.render.comment.marks import HEADING, mark, marks

__all__ = ["HEADING", "comment", "mark", "marks"]
