"""The last releases that a commit contains, without a look at the commits between them."""

from __future__ import annotations

from collections.abc import Iterable

from dvc_changelog.history.git import Git
from dvc_changelog.history.releases import Selection, Tag, rank


def recent(git: Git, tags: Iterable[Tag], upper: str, selection: Selection, most: int) -> list[Tag]:
    """The last releases before or at a commit, oldest first: one a commit, stable ones if there are any.

    Args:
        git: the repository; of a shallow clone what it has is looked at.
        tags: those that can be releases.
        upper: the id of the commit.
        selection: which of the tags are releases.
        most: how many there may be.
    """
    at: dict[str, Tag] = {}
    for tag in tags:
        wanted = selection.takes(tag.name) and not selection.skips(tag.name)
        if wanted and (tag.commit_id not in at or rank(at[tag.commit_id]) < rank(tag)):
            at[tag.commit_id] = tag
    if not at:
        return []
    # Children come before parents, whatever the dates say.
    reached = git.run("rev-list", "--topo-order", "--simplify-by-decoration", upper, "--").split()
    found = [at[commit_id] for commit_id in reached if commit_id in at]
    stable = [tag for tag in found if not tag.name.prerelease]
    return (stable or found)[:most][::-1]
