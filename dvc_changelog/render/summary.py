"""The sentences at the top of a release: what it did to models, metrics, data and params, in words."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence

from dvc_changelog.domain import (
    ArtifactChange,
    Change,
    ChangeType,
    ImportChange,
    Level,
    MetricChange,
    OutputChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Release,
    Role,
)
from dvc_changelog.render import artifacts, figures
from dvc_changelog.render.phrase import Phrase, Style, code, joined, listed, plain, strong

_FEW = 3
_LONGEST = 24
_ORDER = (
    ChangeType.MODIFIED,
    ChangeType.ADDED,
    ChangeType.DELETED,
    ChangeType.RENAMED,
    ChangeType.UNKNOWN,
)


def sentences(release: Release, previous: str) -> Iterator[Phrase]:
    """One or two sentences, made from the changes alone; never an empty phrase.

    Of several projects, names are told in `full`: with their file.

    "Nothing changed" is a claim: it is made only where everything could be read.
    """
    size = f"{_size(release)}."
    if not release.base:
        yield _first(release) + size
        return
    lead = _lead(release)
    clauses = [clause for clause in _clauses(release.changes, full=release.several) if clause]
    clauses = clauses or list(_plots(release.changes))
    if clauses:
        yield lead + _capital(joined(clauses, "; ")) + f". {size}"
        if release.apart and any(change.change is ChangeType.DELETED for change in release.changes):
            apart = f"It stands on another branch than {previous}"
            yield plain(f"{apart}: what is told as removed may only be there.")
    elif not release.projects:
        yield lead + size
    elif any(not problem.missing for problem in release.problems):
        unsure = (
            "No change of data, models, params or metrics was seen, but not all could be read (see below)."
        )
        yield lead + f"{unsure} {size}"
    else:
        since = f" since {previous}" if previous else ""
        where = plain(" in ") + code(release.project) if release.project else Phrase()
        told = plain("Data, models, params and metrics that DVC tracks") + where
        yield lead + told + f" are unchanged{since}. {size}"


def _lead(release: Release) -> Phrase:
    """As in "Minor release.", where the step is known."""
    if not release.head.version or release.bump.level is Level.NONE:
        return Phrase()
    return strong(f"{release.bump.level.name.capitalize()} release.") + " "


def _first(release: Release) -> Phrase:
    """What there is where nothing was before: the first of a line of releases, or no release yet."""
    contents = listed(_contents(release))
    if not release.head.version:
        told = plain(" So far ") + contents + ". " if contents else plain(" ")
        return strong("Not released yet.") + told
    lead = strong(f"First release of {release.line}." if release.line else "First release.")
    return lead + (plain(" With ") + contents + ". " if contents else plain(" "))


def _contents(release: Release) -> list[Phrase]:
    """What a first release holds."""
    outputs = [c for c in release.changes if isinstance(c, OutputChange)]
    models = sum(1 for c in outputs if c.model)
    sources = sum(1 for c in outputs if not c.model and _role(c) is Role.SOURCE)
    counted = (
        (models, "model"),
        (sources, "data set"),
        (len(outputs) - models - sources, "pipeline output"),
        (sum(1 for c in release.changes if isinstance(c, MetricChange) and c.name), "metric"),
        (len({c.path for c in release.changes if _unread(c)}), "metrics file"),
        (sum(1 for c in release.changes if isinstance(c, ParamChange) and c.name), "hyperparameter"),
    )
    return [plain(figures.count(number, one)) for number, one in counted if number]


def _unread(change: Change) -> bool:
    return isinstance(change, MetricChange) and change.change is ChangeType.UNKNOWN


def _clauses(changes: Sequence[Change], *, full: bool) -> Iterator[Phrase]:
    outputs = [c for c in changes if isinstance(c, OutputChange)]
    rehashed = [c for c in outputs if c.change is ChangeType.UNKNOWN and c.rehashed]
    outputs = [c for c in outputs if c not in rehashed] if rehashed else outputs
    metrics = [c for c in changes if isinstance(c, MetricChange)]
    imports = [c for c in changes if isinstance(c, ImportChange)]
    params = [c for c in changes if isinstance(c, ParamChange)]
    repointed = {c.name for c in changes if isinstance(c, ArtifactChange) and c.old and c.new}
    yield from _models([c for c in outputs if c.model], repointed)
    yield from _moved(metrics, full=full)
    told = _steps(params, full=full)
    if told:
        yield listed(told)
        params = [c for c in params if c.change is not ChangeType.MODIFIED]
    data = [c for c in outputs if not c.model]
    for fate in _ORDER:
        things = [thing for thing in _things(fate, data, imports, metrics, params) if thing]
        if things:
            yield listed(things) + f" {_verb(fate, several=len(things) > 1 or not _single(things[0]))}"
    yield _repointed([c for c in changes if isinstance(c, ArtifactChange)], outputs)
    if rehashed:
        who = [code(c.path) for c in rehashed] if len(rehashed) <= _FEW else [_count(rehashed, "output")]
        yield listed(who) + " may be unchanged"


def _plots(changes: Sequence[Change]) -> Iterator[Phrase]:
    """What became of plots, said where there is nothing else: their data, or else how they are defined."""
    for kind, one in ((PlotChange, "plot file"), (PlotDefinitionChange, "plot definition")):
        for fate in _ORDER:
            number = sum(1 for c in changes if isinstance(c, kind) and c.change is fate)
            if number:
                yield plain(f"{figures.count(number, one)} {_verb(fate, several=number > 1)}")
        if any(isinstance(c, kind) for c in changes):
            return


def _repointed(changes: Sequence[ArtifactChange], outputs: Sequence[OutputChange]) -> Phrase:
    """Artifacts that stand for other data than before: to those who use them by name the data changed."""
    sides = [(c.old, c.new) for c in artifacts.untold(changes, outputs)]
    found = [new for old, new in sides if old and new and new.path and old.path != new.path]
    if len(found) == 1:
        return plain("artifact ") + code(found[0].address) + " now points to " + code(found[0].path)
    return plain(f"{len(found):,} artifacts now point elsewhere" if found else "")


def _single(thing: Phrase) -> bool:
    """Whether it is one thing: a name, or "1 metric"."""
    return thing.parts[0].style is Style.CODE or str(thing).startswith("1 ")


def _things(
    fate: ChangeType,
    data: Sequence[OutputChange],
    imports: Sequence[ImportChange],
    metrics: Sequence[MetricChange],
    params: Sequence[ParamChange],
) -> Iterator[Phrase]:
    """What shares a fate: data sets by name if they are few, the rest counted."""
    sources = [c for c in data if c.content_change is fate and _role(c) is Role.SOURCE]
    if len(sources) <= _FEW:
        yield from (code(c.path) for c in sources)
    else:
        yield _count(sources, "data set")
    yield _count(
        (c for c in data if c.content_change is fate and _role(c) is Role.DERIVED), "pipeline output"
    )
    told = {c.path for c in data}
    brought = [c for c in imports if c.change is fate and c.path.removesuffix(".dvc") not in told]
    yield _count((c for c in brought if not _is_dataset(c)), "import")
    yield _count((c for c in brought if _is_dataset(c)), "dataset")
    if fate is ChangeType.UNKNOWN:
        yield _count(dict.fromkeys(c.path for c in params if c.change is fate), "params file")
    else:
        yield _count((c for c in params if c.change is fate), "hyperparameter")
        yield _count((c for c in metrics if c.change is fate and not _numeric(c)), "metric")


def _is_dataset(change: ImportChange) -> bool:
    source = change.new or change.old
    return bool(source and source.name)


def _count(things: Iterable[object], one: str) -> Phrase:
    number = sum(1 for _ in things)
    return plain(figures.count(number, one) if number else "")


def _verb(fate: ChangeType, *, several: bool) -> str:
    was = "were" if several else "was"
    match fate:
        case ChangeType.ADDED:
            return f"{was} added"
        case ChangeType.DELETED:
            return f"{was} removed"
        case ChangeType.RENAMED:
            return f"{was} renamed"
        case ChangeType.UNKNOWN:
            return "may have changed"
        case ChangeType.MODIFIED:
            return "changed"


def _models(changes: Sequence[OutputChange], repointed: Container[str]) -> Iterator[Phrase]:
    """What became of the models. An artifact that is `repointed` neither came nor went: its files did."""
    for fate in _ORDER:
        members = [change for change in changes if change.content_change is fate]
        if not members:
            continue
        several = len(members) > 1
        verb = _verb(fate, several=several)
        if fate is ChangeType.MODIFIED:
            # A model without a stage was brought in, not trained here.
            trained = all(change.new and change.new.maker for change in members)
            verb = f"{'were' if several else 'was'} {'retrained' if trained else 'updated'}"
        names = [_name(change, repointed) for change in members]
        who = listed(names) if len(names) <= _FEW else plain(f"{len(names):,} models")
        yield who + f" {verb}"


def _name(change: OutputChange, repointed: Container[str]) -> Phrase:
    output = change.new or change.old
    artifact = output.artifact if output else None
    by_path = not artifact or (artifact.name in repointed and not (change.old and change.new))
    if by_path or not artifact:
        return code(change.path)
    return code(artifact.address)


def _moved(changes: Sequence[MetricChange], *, full: bool) -> Iterator[Phrase]:
    """Metrics that are numbers on both sides, and files that cannot be read."""
    moved = [change for change in changes if _numeric(change)]
    if len(moved) > _FEW:
        most = _step(max(moved, key=_share), full=full)
        yield most + f", and {len(moved) - 1:,} more metrics moved"
    elif moved:
        yield listed(_step(change, full=full) for change in moved)
    unread = {change.path for change in changes if _unread(change)}
    if len(unread) == 1:
        yield plain("the metrics in ") + code(*unread) + " cannot be read here"
    elif unread:
        yield plain(f"the metrics in {len(unread):,} files cannot be read here")


def _numeric(change: MetricChange) -> bool:
    sides = (change.old, change.new)
    numbers = all(isinstance(side, int | float) and not isinstance(side, bool) for side in sides)
    return change.change is ChangeType.MODIFIED and numbers


def _share(change: MetricChange) -> float:
    """How far a metric moved, as a part of what it was; a value that is no number counts least."""
    assert isinstance(change.old, int | float)
    distance = abs(change.delta or 0)
    if math.isnan(distance):
        return -1
    return distance / abs(change.old) if change.old and math.isfinite(change.old) else math.inf


def _step(change: MetricChange, *, full: bool) -> Phrase:
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    old, new = figures.numbers(change.old, change.new)
    verb = "went" if math.isnan(change.old) or math.isnan(change.new) else ""
    verb = verb or ("rose" if change.new > change.old else "fell")
    return _value(change, full=full) + f" {verb} from {old} to {new}"


def _value(change: MetricChange | ParamChange, *, full: bool) -> Phrase:
    """A metric or param by its name, of several projects with its file."""
    if not change.name:
        return code(change.path)
    return code(change.name) + (plain(" in ") + code(change.path) if full else Phrase())


def _steps(changes: Sequence[ParamChange], *, full: bool) -> list[Phrase]:
    """Up to three hyperparameters with their old and new values, where these are short; else none."""
    moved = [c for c in changes if c.change is ChangeType.MODIFIED]
    if len(moved) > _FEW or any(isinstance(side, list | dict) for c in moved for side in (c.old, c.new)):
        return []
    pairs = [(figures.value(c.old), figures.value(c.new)) for c in moved]
    if any(len(side) > _LONGEST for pair in pairs for side in pair):
        return []
    return [
        _value(c, full=full) + (" went" if not n else "") + f" from {old} to {new}"
        for n, (c, (old, new)) in enumerate(zip(moved, pairs, strict=True))
    ]


def _role(change: OutputChange) -> Role:
    output = change.new or change.old
    assert output is not None, "a change has at least one side"
    return output.role


def _size(release: Release) -> str:
    commits = len({commit.id for commit in release.commits})
    authors = len({commit.author.email for commit in release.commits})
    told = figures.count(commits, "commit") if commits else "No commits of its own"
    if commits > 1:
        told += f" by {figures.count(authors, 'author')}"
    if before := release.statistics.get("in_prereleases", 0):
        told += f", and {before:,} more in its prereleases"
    left_out = (("skipped", "left out as configured"), ("other_paths", "in other paths"))
    more = [f"{number:,} {why}" for key, why in left_out if (number := release.statistics.get(key, 0))]
    return told + (f" ({', '.join(more)})" if more else "")


def _capital(phrase: Phrase) -> Phrase:
    """With a capital letter at the start of a sentence, unless a name stands there."""
    first, *rest = phrase.parts
    if first.style is not Style.PLAIN:
        return phrase
    return plain(first.text[:1].upper() + first.text[1:]) + Phrase(tuple(rest))
