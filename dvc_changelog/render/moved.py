"""Which commits moved what: the list below the metrics, and the commits of a param, data set or model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from dvc_changelog.domain import ChangeType, Commit, Goal, MetricChange, ParamChange, Release, Step, Swing
from dvc_changelog.insight import is_resource
from dvc_changelog.render import commits, figures, names
from dvc_changelog.render.cells import FEW_LINES, named
from dvc_changelog.render.phrase import Phrase, joined, listed, plain
from dvc_changelog.render.shapes import Block, Line

_MOST = 4
"""Values of a commit that are named; of the rest it is said how many there are."""
_FEW = 2
"""New or removed values, and commits, that are named."""


class _Moved(NamedTuple):
    """What a metric is called, how much it matters, and what a commit did to it."""

    label: Phrase
    rank: int
    step: Step


def blocks(release: Release) -> Iterator[Block]:
    """Where the metrics moved, commit by commit, newest first, and what could not be placed.

    Nothing where it goes without saying: in a release of one commit.
    """
    told = [c for c in release.changes if isinstance(c, MetricChange) and c.change is not ChangeType.RENAMED]
    called = _called([(change.path, change.name) for change in told])
    by_commit: dict[str, list[_Moved]] = {}
    alerted = {(alert.path, alert.name) for alert in release.alerts if not alert.unchecked}
    for change, label in zip(told, called, strict=True):
        rank = _rank(change, alerted)
        for step in change.steps:
            if step.delta is not None or release.base:  # at the first release all is new
                by_commit.setdefault(step.commit_id, []).append(_Moved(label, rank, step))
    rest = tuple(Line(text) for text in _rest(told, called, release))
    if not rest and not tells(tuple(by_commit), release):
        return
    known = {commit.id: commit for commit in release.movers}
    ordered = [commit_id for commit_id in ("", *known) if commit_id in by_commit]
    if len(ordered) == 1 and release.base and not rest and all(change.steps for change in told):
        only = _named(known.get(ordered[0]), release)
        end = "" if str(only).endswith((".", "!", "?")) else "."
        yield Block(plain("All of it moved in ") + only + end)
        return
    lines = [Line(_named(known.get(c), release) + ": " + _values(by_commit[c])) for c in ordered]
    yield Block(plain("Where it moved:"), (*lines, *rest))


def swings(release: Release) -> Iterator[Line]:
    """Metrics that went back on their way; many below one line."""
    called = _called([(swing.path, swing.name) for swing in release.swings])
    lines = tuple(_swing(s, label, release) for s, label in zip(release.swings, called, strict=True))
    if len(lines) > FEW_LINES:
        yield Line(plain(f"{len(lines):,} metrics went back on their way"), lines, len(lines))
    else:
        yield from map(Line, lines)


def by(ids: Sequence[str], release: Release) -> Phrase:
    """The commits that changed something, newest first: as in "`e4bc9b0`, `bea12fe`"."""
    shown = ids if len(ids) <= _FEW else ids[:1]
    more = f" and {len(ids) - len(shown):,} more" if len(ids) > len(shown) else ""
    return joined(_reference(commit_id, release) for commit_id in shown) + more


def column(changes: Sequence[ParamChange], release: Release) -> Callable[[Sequence[str]], Phrase] | None:
    """What tells, of each of these params, by which commits it changed; None where that is no news."""
    ids = {commit_id for change in changes for commit_id in change.commits}
    return partial(by, release=release) if release.base and tells(tuple(ids), release) else None


def last(ids: Sequence[str], release: Release) -> Phrase:
    """In which commit an output changed; nothing where it goes without saying."""
    if not release.base or not tells(ids, release):
        return Phrase()
    if not ids[0]:
        return plain(" (not committed yet)")
    lead = " (in " if len(ids) == 1 else " (last changed in "
    return plain(lead) + _reference(ids[0], release) + ")"


def tells(ids: Sequence[str], release: Release) -> bool:
    """Whether it is news that these commits changed something: others could have."""
    own = release.commits[:1]
    several = any(commit.id != own[0].id for commit in release.commits)
    return bool(ids) and (several or not {commit.id for commit in own}.issuperset(ids))


def _called(found: Sequence[tuple[str, str]]) -> list[Phrase]:
    """Names of metrics, with their file where several have one of this name: the table has the others."""
    times = Counter(name for _, name in found)
    return [named(path, name, full=times[name] > 1) for path, name in found]


def _named(commit: Commit | None, release: Release) -> Phrase:
    if commit is None:
        return plain("what is not committed yet")
    itself = " (the merge itself)" if commit.is_merge else ""
    return commits.named(commit, release.forge) + itself


def _reference(commit_id: str, release: Release) -> Phrase:
    return commits.reference(commit_id, release.forge) if commit_id else plain("the working tree")


def _rank(change: MetricChange, alerted: Collection[tuple[str, str]]) -> int:
    """What a reader wants first: what is beyond a limit, what is configured, what a model can do."""
    first = (
        (change.path, change.name) in alerted,
        change.judged.configured,
        change.judged.goal is not Goal.NONE and not is_resource(change.path, change.name),
        change.judged.goal is not Goal.NONE,
    )
    return first.index(True) if any(first) else len(first)


def _values(moved: Sequence[_Moved]) -> Phrase:
    """What a commit did to metrics: distances first, then what changed otherwise, came and went."""
    far = [one for one in moved if _distance(one.step) is not None]
    rest = [one for one in moved if _distance(one.step) is None]
    parts = [one.label + f" {figures.signed(_distance(one.step) or 0)}" for one in _foremost(far)]
    other = [label + " changed" for label, _, step in rest if None not in {step.old, step.new}]
    parts += other[: _MOST - len(parts)]
    if more := len(far) + len(other) - len(parts):
        parts.append(plain(f"{more:,} more"))
    for fate, those in (
        ("new", [label for label, _, step in rest if step.old is None]),
        ("removed", [label for label, _, step in rest if step.old is not None and step.new is None]),
    ):
        if len(those) > _FEW:
            parts.append(plain(f"{len(those):,} {fate}"))
        else:
            parts += [label + " " + fate for label in those]
    return joined(parts)


def _foremost(moved: Sequence[_Moved]) -> list[_Moved]:
    """Those of most weight that have room, then those that moved most; in the order of the table."""
    places = sorted(range(len(moved)), key=lambda n: (moved[n].rank, -_part(moved[n].step)))
    return [moved[n] for n in sorted(places[:_MOST])]


def _distance(step: Step) -> float | None:
    """How far a metric moved; None where it did not move from number to number."""
    return step.delta if step.delta == step.delta else None  # NaN alone differs from itself


def _part(step: Step) -> float:
    """How far a metric moved, as a part of its values."""
    old, new = step.old, step.new
    if isinstance(old, int | float) and isinstance(new, int | float):
        return figures.part(old, new)
    return 0  # the number before is of an earlier commit


def _rest(told: Sequence[MetricChange], called: Sequence[Phrase], release: Release) -> Iterator[Phrase]:
    """What no commit accounts for, by the reason."""
    by_reason: dict[Phrase, list[Phrase]] = {}
    for change, label in zip(told, called, strict=True):
        if change.rest:
            reason = listed(_reasons(change.rest.outside, change.rest.unread, release))
            by_reason.setdefault(reason, []).append(label + " " + figures.signed(change.rest.delta))
    for reason, values in by_reason.items():
        more = f" and {len(values) - _MOST:,} more" if len(values) > _MOST else ""
        yield plain("Not placed: ") + joined(values[:_MOST]) + more + ", since " + reason


def _reasons(outside: str, unread: Sequence[str], release: Release) -> Iterator[Phrase]:
    if outside and release.prereleases:
        yield plain("it came with the prereleases before")
    elif outside:
        _, previous = names.sides(release)
        start = _reference(outside, release)
        yield plain("these commits start from ") + start + f", not from {previous}"
    if unread:
        yield plain("values cannot be read here at ") + by(unread, release)


def _swing(swing: Swing, label: Phrase, release: Release) -> Phrase:
    """As in "`auc` fell to 0.71 in `bea12fe` and came back in `e4bc9b0`"."""
    there = next(step for step in reversed(swing.steps) if step.new == swing.turn)
    way, back = ("fell", "rose") if swing.turn < swing.old else ("rose", "fell")
    turn = figures.numbers(swing.old, swing.turn)[1]
    new = figures.numbers(swing.turn, swing.new)[1]
    end = "came back" if swing.new == swing.old else f"{back} to {new}"
    places = (_reference(commit_id, release) for commit_id in (there.commit_id, swing.steps[0].commit_id))
    return label + f" {way} to {turn} in " + next(places) + f" and {end} in " + next(places)
