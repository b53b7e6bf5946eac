"""Which comments of a pull request are ours to replace: never one that has a person's own words.

It decides from what the listing says of their authors, and asks who we are only where that does not do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dvc_changelog.comments.client import Client, Comment
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How a comment of ours begins: one of `marks`, and under it a line that begins with `heading`."""

    marks: frozenset[str]
    heading: str

    def marked(self, text: str) -> bool:
        """Whether the mark is a line of its own in it; behind `>` it is a quotation."""
        return any(line in self.marks for line in _lines(text))

    def on_top(self, text: str) -> bool:
        """Whether the mark is its first line that is not blank."""
        return any(line in self.marks for line in _lines(text)[:1])

    def whole(self, text: str) -> bool:
        """Whether it has what we begin with, the mark and the heading under it; more may stand above."""
        return any(
            line in self.marks and following.startswith(self.heading)
            for line, following in pairwise(_lines(text))
        )


def ours(comments: Sequence[Comment], signature: Signature, client: Client) -> list[Comment]:
    """Those that an update may replace, the best one first: our account's own, as written, the older ones.

    A machine's account has no words of its own, and its comment is known by the mark on top; a person may
    have copied the mark, so that of a person must be whole, and of our account. Where the forge does not say
    who that is, it is a machine's, else any that has nothing above the mark: with that it may be a quotation.

    Args:
        comments: all of a pull request.
        signature: how ours begin.
        client: who asks; it is asked who it is where a person's may be the one.

    Raises:
        Failure: as `Client.me`.
    """
    by_age = sorted(comments, key=lambda one: one.id)
    known = sorted(by_age, key=lambda one: not signature.on_top(one.text))
    whole = [one for one in known if signature.whole(one.text)]
    machines = [one for one in known if one.by_machine and (one in whole or signature.on_top(one.text))]
    people = [one for one in whole if not one.by_machine]
    if client.is_machine:
        people = [one for one in people if not one.author]
    me = client.me() if any(one.author for one in people) else ""
    if me:
        return [one for one in people if one.author == me] + machines
    return machines or [one for one in people if signature.on_top(one.text)]


def _lines(text: str) -> list[str]:
    """The lines that are not blank, whichever ends a forge has given them."""
    return [line.rstrip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
