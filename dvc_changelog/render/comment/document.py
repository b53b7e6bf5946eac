"""The comment of a review, from its mark to its last line."""

from __future__ import annotations

from collections.abc import Iterator

from dvc_changelog.config import Config
from dvc_changelog.domain import Review
from dvc_changelog.render import escape
from dvc_changelog.render.comment import closing, middle, opening, sides
from dvc_changelog.render.comment.given import given
from dvc_changelog.render.comment.marks import DEFAULT, mark
from dvc_changelog.render.comment.parts import Part, Weight, fitted

GITHUB = 65_536
"""The longest comment that GitHub takes."""


def comment(
    review: Review,
    config: Config,
    *,
    identity: str = DEFAULT,
    limit: int = GITHUB,
    html: bool = True,
) -> str:
    """A review as the comment of a pull request.

    Args:
        review: what to tell.
        config: headings, folding, and the rules of metrics.
        identity: which of the reviews of one pull request it is: see `marks`.
        limit: how many units of UTF-16 it may have. What does not fit is summed up, the lightest first, and
            it is said where it is; the verdict stays. A limit below 2,000 may be too low for even that.
        html: whether the forge renders HTML; if not, nothing folds, and long lists end where they would.

    Returns:
        Markdown that starts with its mark and ends in one newline.
    """
    seen = given(review, config, html=html)

    def title(room: int) -> str:
        said = sides.title(review, identity, room).markdown
        return f"{mark(identity, html=html)}\n\n### {escape.heading(said)}"

    def parts() -> Iterator[Part]:
        yield Part(Weight.FRAME, title)
        yield from opening.parts(seen)
        yield from middle.parts(seen)
        yield from closing.parts(seen)

    return fitted(parts(), limit, html=html)
