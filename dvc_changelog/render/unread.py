"""Lines about params and metrics files that cannot be read here: all that is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import MetricChange, ParamChange
from dvc_changelog.render import figures
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import Line

_INSIDE = (
    "may have changed with its directory; its values{when} are not readable here",
    "may have changed with their directories; their values{when} are not readable here",
)
_UNREAD = {
    (True, True): (
        "changed; its values{when} are not readable here",
        "changed; their values{when} are not readable here",
    ),
    (False, True): (
        "is new; its values are not readable here",
        "are new; their values are not readable here",
    ),
    (True, False): (
        "cannot be compared: the values it had before are not readable here",
        "cannot be compared: the values they had before are not readable here",
    ),
    (False, False): (
        "may have changed; its values{when} are not readable here",
        "may have changed; their values{when} are not readable here",
    ),
}


def lines(changes: Sequence[MetricChange | ParamChange], what: str) -> Iterator[Line]:
    """Files whose values are not here, by what is known of them; many of one kind in one line.

    Args:
        changes: one for each file.
        what: their name when they are many, as "metrics files".
    """
    kinds: dict[tuple[str, str], list[MetricChange | ParamChange]] = {}
    for change in changes:
        kinds.setdefault(_words(change), []).append(change)
    for (one, many), members in kinds.items():
        if len(members) > FEW_LINES:
            head = plain(f"{len(members):,} {what} {many}")
            yield Line(head, tuple(code(c.path) + _hashes(c) for c in members), len(members))
        else:
            yield from (Line(code(c.path) + f" {one}" + _hashes(c)) for c in members)


def _words(change: MetricChange | ParamChange) -> tuple[str, str]:
    """What is said of one such file, and of many."""
    before, after = change.old_content, change.new_content
    inside = bool(before and after and change.within)
    # Hashes that cannot be compared tell nothing of the values.
    blind = bool(before and after and not inside and not before.differs(after))
    # That nothing is known of a side that is unread does not say that the file was not there.
    unsure = (
        blind or (before is None and change.unread != "now") or (after is None and change.unread != "before")
    )
    known = before is not None and not unsure, after is not None and not unsure
    when = f" {change.unread}" if change.unread in {"before", "now"} else ""
    one, many = _INSIDE if inside else _UNREAD[known]
    return one.format(when=when), many.format(when=when)


def _hashes(change: MetricChange | ParamChange) -> Phrase:
    if not change.old_content or not change.new_content:
        return Phrase()
    old, new = change.old_content.digest, change.new_content.digest
    whose = plain(" (") + (code(change.within) + ": " if change.within else "")
    return whose + code(figures.digest(old)) + " → " + code(figures.digest(new)) + ")"
