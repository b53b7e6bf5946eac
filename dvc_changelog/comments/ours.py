"""Which comments of a pull request are ours to replace: never one that has a person's own words.

It decides from what the listing says of their authors, and asks who we are only where that does not do.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvc_changelog.comments.client import Client, Comment
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How a comment of ours begins: one of `marks`, and under it a line that begins with `heading`."""

    marks: frozenset[str]
    heading: str

    def marked(self, text: str) -> bool:
        """Whether the mark is its first line that is not blank: further down it is somebody's quotation."""
        return bool(_lines(text)[:1] and _lines(text)[0] in self.marks)

    def whole(self, text: str) -> bool:
        """Whether it begins as all that we write: with the mark, and the heading under it."""
        return self.marked(text) and "".join(_lines(text)[1:2]).startswith(self.heading)


def ours(comments: Sequence[Comment], signature: Signature, client: Client) -> list[Comment]:
    """Those that an update may replace, the best one first: our account's own, then the older ones.

    A machine's account has no words of its own, and its comment is known by the mark; a person may have
    copied the mark, so that of a person must be whole. Of several authors' it is the one of our account;
    where the forge does not say who that is, a machine's, else any.

    Args:
        comments: all of a pull request.
        signature: how ours begin.
        client: who asks; it is asked who it is where comments of several authors may be ours.

    Raises:
        Failure: as `Client.me`.
    """
    marked = sorted((one for one in comments if signature.marked(one.text)), key=lambda one: one.id)
    machines = [one for one in marked if one.by_machine]
    people = [one for one in marked if not one.by_machine and signature.whole(one.text)]
    if client.is_machine:
        people = [one for one in people if not one.author]
    if not people:
        return machines
    if len({one.author for one in (*machines, *people)}) == 1:
        return people
    me = client.me()
    if not me:
        return machines or people
    return [one for one in people if one.author == me] + machines


def _lines(text: str) -> list[str]:
    """The lines that are not blank, whichever ends a forge has given them."""
    return [line.rstrip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
