"""What a commit brought back, and nobody made anew: what its stage ran with is then no question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dvc_changelog.domain import Cause, CauseKind, Change, OutputChange, Revert


def restored(changes: Sequence[Change], reverts: Iterable[Revert]) -> Iterator[Change]:
    """The changes, outputs with the revert that they were taken back by, none asked why it is what it was.

    An output was brought back where it has the content of an earlier release again, or where the last commit
    that changed it is a revert that took it back. That its stage "ran anew with the same inputs" is then no
    cause of it, and of what was made from it the cause is the output itself.
    """
    undid = {revert.commit_id: frozenset(revert.undid) for revert in reverts}
    marked = [_marked(change, undid) if isinstance(change, OutputChange) else change for change in changes]
    back = {c.path for c in marked if isinstance(c, OutputChange) and (c.again or c.taken_back)}
    for change in marked:
        if isinstance(change, OutputChange) and any(_asks(cause, back) for cause in change.because):
            yield replace(change, because=tuple(_settled(change.because, back)))
        else:
            yield change


def _marked(change: OutputChange, undid: Mapping[str, frozenset[str]]) -> OutputChange:
    last = change.commits[0] if change.commits else ""
    return replace(change, taken_back=last) if change.path in undid.get(last, ()) else change


def _asks(cause: Cause, back: set[str]) -> bool:
    return cause.kind is CauseKind.NOTHING and cause.path in back


def _settled(causes: Iterable[Cause], back: set[str]) -> Iterator[Cause]:
    for cause in causes:
        if not _asks(cause, back):
            yield cause
        elif cause.through:
            yield replace(cause, kind=CauseKind.DATA, name="", through=cause.through[1:])
