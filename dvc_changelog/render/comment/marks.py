"""The line by which a comment of ours is known again. A reader does not see it."""

from __future__ import annotations

from urllib.parse import quote

DEFAULT = "default"
TITLE = "Model review"
HEADING = f"### {TITLE}"

_PLAIN = " /.:@+"
"""What may stand in an identity as it is, beside letters, digits and `_.-~`: none of it ends a comment."""


def mark(identity: str = DEFAULT, *, html: bool = True) -> str:
    """The first line of the comment of a review.

    Args:
        identity: which of the reviews of one pull request it is.
        html: as a comment of HTML; else as a link definition that nothing uses, for Markdown that shows HTML.
    """
    said = f"dvc-changelog review id={quote(identity, safe=_PLAIN, errors='replace')}"
    return f"<!-- {said} -->" if html else f"[//]: # ({said})"


def marks(identity: str = DEFAULT) -> frozenset[str]:
    """Each form of the mark of a review: a forge may have shown HTML later than a comment was written."""
    return frozenset({mark(identity), mark(identity, html=False)})
