"""The table of experiments: what was tried, what came out, and which one was applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from dvc_changelog.domain import ChangeType, Experiment, MetricChange, ParamChange, Release, Value
from dvc_changelog.render import figures, links, names
from dvc_changelog.render.cells import by_item, named, value
from dvc_changelog.render.phrase import Phrase, code, joined, link, listed, plain
from dvc_changelog.render.shapes import Line, Section, Table

_LONGEST_FRACTION = 10
_FEW = 6
"""So many values stand in a cell; it says how many more there are."""
_FEW_NAMES = 3
_SHORT = 7

_Change = ParamChange | MetricChange
_Namer = Callable[[_Change], Phrase]


def section(release: Release) -> Section:
    """Experiments side by side, those that were applied first, then the newest; columns without a word go."""
    if not release.experiments:
        return Section("Experiments")
    found = sorted(release.experiments, key=lambda experiment: not experiment.applied)
    several = len({experiment.baseline for experiment in found}) > 1
    shared = _shared(found)
    param_name, metric_name = _namer(found, ParamChange), _namer(found, MetricChange)
    columns = (
        ("Experiment", [_called(e) for e in found]),
        ("Tried on", [_place_of(e.baseline, release) if several else Phrase() for e in found]),
        ("Parameters", [_cell(sorted(_of(e, ParamChange), key=shared), param_name, _param) for e in found]),
        ("Metrics", [_cell(_of(e, MetricChange), metric_name, _metric) for e in found]),
        ("Date", [plain(figures.date(e.timestamp)) for e in found]),
        ("Applied in", [_applied(e, release) for e in found]),
    )
    kept = [(title, cells) for title, cells in columns if any(cells)]
    table = Table(
        tuple(plain(title) for title, _ in kept),
        tuple(zip(*(cells for _, cells in kept), strict=True)),
        tuple(False for _ in kept),
    )
    return Section("Experiments", table, tuple(_problems(found)))


def sentences(release: Release) -> Iterator[Phrase]:
    """As in "5 experiments were tried on 1.0.0, and `messy-tire` was applied."; nothing without any."""
    found = release.experiments or ()
    if not found:
        return
    told = plain(f"{figures.count(len(found), 'experiment')} {'were' if len(found) > 1 else 'was'} tried")
    if len({experiment.baseline for experiment in found}) == 1:
        told += plain(" on ") + _place_of(found[0].baseline, release)
    taken = [code(experiment.name) for experiment in found if experiment.applied]
    if len(taken) > _FEW_NAMES:
        told += f", and {len(taken):,} of them were applied"
    elif taken:
        told += ", and " + listed(taken) + f" {'were' if len(taken) > 1 else 'was'} applied"
    yield told + "."


def _called(experiment: Experiment) -> Phrase:
    said = f": {figures.shortened(experiment.message)}" if experiment.message else ""
    return code(experiment.name) + said


def _place_of(commit_id: str, release: Release) -> Phrase:
    """The release that a commit is, where it is a side of this one; else its id."""
    for side, called in zip((release.head, release.base), names.sides(release), strict=True):
        if side and (side.version or release.review) and side.commit_id == commit_id:
            return plain(called)
    return link(commit_id[:_SHORT], links.commit(commit_id, release.forge), as_code=True)


def _applied(experiment: Experiment, release: Release) -> Phrase:
    if not experiment.applied:
        return Phrase()
    return link(experiment.applied[:_SHORT], links.commit(experiment.applied, release.forge), as_code=True)


def _of(experiment: Experiment, kind: type[_Change]) -> list[_Change]:
    return [change for change in experiment.changes if isinstance(change, kind)]


def _namer(found: Iterable[Experiment], kind: type[_Change]) -> _Namer:
    """Names for values: the dotted name, with its file where two files of the table have it."""
    files: dict[str, set[str]] = defaultdict(set)
    for change in (change for experiment in found for change in _of(experiment, kind)):
        files[change.name].add(change.path)

    def name(change: _Change) -> Phrase:
        return named(change.path, change.name, full=len(files[change.name]) > 1)

    return name


def _shared(found: Sequence[Experiment]) -> Callable[[_Change], bool]:
    """Whether a value is the same in all of several experiments: what sets them apart comes before it."""
    often = Counter(_place(change) for experiment in found for change in experiment.changes)
    return lambda change: 1 < len(found) == often[_place(change)]


def _place(change: _Change) -> tuple[str, str, str]:
    return change.path, change.name, repr(change.new)


def _cell(changes: Sequence[_Change], name: _Namer, told: Callable[[_Change], Phrase]) -> Phrase:
    """Values with their names, the files that cannot be read last."""
    files = {change.path for change in changes if not change.name}
    unread = [name(c) for c in changes if _unreadable(c) and not (c.name and c.path in files)]
    items = [name(change) + " " + told(change) for change in changes if not _unreadable(change)]
    if unread:
        items.append(listed(unread) + " not readable here")
    more = f" and {len(items) - _FEW:,} more" if len(items) > _FEW else ""
    return joined(items[:_FEW]) + more


def _unreadable(change: _Change) -> bool:
    """Whether the experiment's own side cannot be read."""
    return change.unread == "now" if change.name else change.change is ChangeType.UNKNOWN


def _param(change: _Change) -> Phrase:
    """As in "0.1 → 0.01"."""
    match change.change:
        case ChangeType.ADDED | ChangeType.UNKNOWN:
            return value(change.new)
        case ChangeType.DELETED:
            return plain("removed")
        case ChangeType.RENAMED if isinstance(change, ParamChange):
            was = change.old_name if change.old_name != change.name else change.old_path
            moved = plain("(was ") + code(was) + ")"
            changed = change.value_change is ChangeType.MODIFIED
            return _step(change.old, change.new) + " " + moved if changed else moved
        case _:
            return by_item(change.old, change.new) or _step(change.old, change.new)


def _step(old: Value, new: Value) -> Phrase:
    """Both values as they are written; of long fractions, as a search draws them, what tells them apart."""
    drawn = any(isinstance(side, float) and len(repr(side)) > _LONGEST_FRACTION for side in (old, new))
    if drawn and isinstance(old, int | float) and isinstance(new, int | float):
        before, after = figures.numbers(old, new)
        return plain(f"{before} → {after}".replace(",", ""))
    return value(old) + " → " + value(new)


def _metric(change: _Change) -> Phrase:
    """As in "0.931 (+0.019)"; without a distance where the baseline had no such number."""
    if change.change is ChangeType.DELETED:
        return plain("removed")
    if isinstance(change, MetricChange) and (moved := figures.distance(change.old, change.new, change.delta)):
        return plain(f"{_number(change)} ({moved})")
    return plain(_number(change))


def _number(change: _Change) -> str:
    """The value of an experiment, with as many digits as tell it from that of its baseline."""
    match change.old, change.new:
        case (_, bool()):
            return figures.value(change.new)
        case ((int() | float()) as old, (int() | float()) as new):
            return figures.numbers(old, new)[1]
        case (_, (int() | float()) as new):
            return figures.number(new)
        case _:
            return figures.value(change.new)


def _problems(found: Sequence[Experiment]) -> Iterator[Line]:
    """What cannot be read of experiments alone, by reason."""
    by_reason: dict[tuple[str, str], list[str]] = defaultdict(list)
    for experiment in found:
        for problem in experiment.problems:
            by_reason[problem.path, problem.reason].append(experiment.name)
    for (path, reason), members in by_reason.items():
        more = f" and {len(members) - _FEW_NAMES:,} more" if len(members) > _FEW_NAMES else ""
        who = joined(code(name) for name in members[:_FEW_NAMES]) + more
        yield Line(plain("Not readable here: ") + code(path) + " of " + who + f" ({reason.rstrip('.')})")
