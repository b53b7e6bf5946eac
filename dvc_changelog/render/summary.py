"""The sentences at the top of a release: what it did to models, metrics, data and params, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import (
    ChangeType,
    MetricChange,
    Output,
    OutputChange,
    ParamChange,
    Release,
    Role,
)
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, Style, code, listed, plain, strong

_FEW = 3


def sentences(release: Release, previous: str) -> Iterator[Phrase]:
    """One or two sentences, made from the changes alone; never an empty phrase.

    "Nothing changed" is a claim: it is made only where everything could be read.
    """
    clauses = [clause for clause in _clauses(release) if clause]
    size = _size(release)
    if not release.base and release.head.version:
        lead = strong("First release.") if not release.line else strong(f"First release of {release.line}.")
        yield lead + (plain(" With ") + listed(clauses) + "." if clauses else Phrase()) + f" {size}."
    elif clauses:
        yield _capital(listed(clauses)) + f". {size}."
    elif release.problems:
        yield plain(f"No change of data, models, params or metrics was seen, but not all could be read (see below). {size}.")
    elif not release.projects:
        yield plain(f"{size}.")
    else:
        since = f" since {previous}" if previous else ""
        yield plain(f"Data, models, params and metrics are unchanged{since}. {size}.")


def _clauses(release: Release) -> Iterator[Phrase]:
    outputs = [c for c in release.changes if isinstance(c, OutputChange)]
    first = release.base is None
    if first:
        yield from _contents(outputs, release)
        return
    yield from _models([c for c in outputs if c.model])
    yield _metrics([c for c in release.changes if isinstance(c, MetricChange)])
    yield _data([c for c in outputs if not c.model])
    yield _params([c for c in release.changes if isinstance(c, ParamChange)])


def _contents(outputs: Sequence[OutputChange], release: Release) -> Iterator[Phrase]:
    """What a first release holds."""
    models = sum(1 for c in outputs if c.model)
    sources = sum(1 for c in outputs if not c.model and c.new and c.new.role is Role.SOURCE)
    made = len(outputs) - models - sources
    metrics = sum(1 for c in release.changes if isinstance(c, MetricChange) and c.name)
    params = sum(1 for c in release.changes if isinstance(c, ParamChange) and c.name)
    for number, one in (
        (models, "model"),
        (sources, "data set"),
        (made, "pipeline output"),
        (metrics, "metric"),
        (params, "hyperparameter"),
    ):
        if number:
            yield plain(figures.count(number, one))


def _models(changes: Sequence[OutputChange]) -> Iterator[Phrase]:
    verbs = {
        ChangeType.MODIFIED: "retrained",
        ChangeType.ADDED: "added",
        ChangeType.DELETED: "removed",
        ChangeType.RENAMED: "renamed",
    }
    for fate, verb in verbs.items():
        members = [change for change in changes if change.change is fate]
        if not members:
            continue
        if fate is ChangeType.MODIFIED and not all(change.new and change.new.stage for change in members):
            verb = "updated"  # noqa: PLW2901  # a model without a stage was brought in, not trained here
        names = [_name(change) for change in members[:_FEW]]
        if len(members) > _FEW:
            yield plain(f"{len(members)} models were {verb}")
        else:
            yield listed(names) + (" was " if len(members) == 1 else " were ") + verb


def _name(change: OutputChange) -> Phrase:
    output = change.new or change.old
    return code(output.artifact.name if output and output.artifact else change.path)


def _metrics(changes: Sequence[MetricChange]) -> Phrase:
    moved = [c for c in changes if c.delta and isinstance(c.old, int | float) and isinstance(c.new, int | float)]
    unread = len({c.path for c in changes if c.change is ChangeType.UNKNOWN})
    if not moved:
        new = sum(1 for c in changes if c.change is ChangeType.ADDED)
        if new:
            return plain(f"{figures.count(new, 'metric')} {'is' if new == 1 else 'are'} new")
        if unread:
            return plain(f"metrics changed in {figures.count(unread, 'file')} that cannot be read here")
        return Phrase()
    if len(moved) > _FEW:
        return plain(f"{len(moved)} metrics moved")
    return listed(_step(change) for change in moved)


def _step(change: MetricChange) -> Phrase:
    assert isinstance(change.old, int | float)
    assert isinstance(change.new, int | float)
    old, new = figures.numbers(change.old, change.new)
    verb = "rose" if change.new > change.old else "fell"
    return code(change.name or change.path) + f" {verb} from {old} to {new}"


def _data(changes: Sequence[OutputChange]) -> Phrase:
    sources = [c for c in changes if _output(c).role is Role.SOURCE]
    made = [c for c in changes if _output(c).role is Role.DERIVED]
    parts = []
    if 0 < len(sources) <= _FEW and len({c.change for c in sources}) == 1:
        verb = _fate(sources[0].change, len(sources))
        parts.append(listed(code(c.path) for c in sources) + f" {verb}")
    elif sources:
        parts.append(_fates([c.change for c in sources], "data set"))
    if made:
        parts.append(_fates([c.change for c in made], "pipeline output"))
    return listed(parts)


def _output(change: OutputChange) -> Output:
    output = change.new or change.old
    assert output is not None, "a change has at least one side"
    return output


def _params(changes: Sequence[ParamChange]) -> Phrase:
    fates = [c.change for c in changes if c.name and c.change is not ChangeType.RENAMED]
    return _fates(fates, "hyperparameter") if fates else Phrase()


def _fate(change: ChangeType, count: int) -> str:
    was = "was" if count == 1 else "were"
    match change:
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


def _fates(fates: Sequence[ChangeType], one: str) -> Phrase:
    """ "5 hyperparameters changed, 2 were added"."""
    order = (ChangeType.MODIFIED, ChangeType.ADDED, ChangeType.DELETED, ChangeType.RENAMED, ChangeType.UNKNOWN)
    counts = [(fate, sum(1 for f in fates if f is fate)) for fate in order]
    parts = []
    for fate, number in counts:
        if number:
            what = figures.count(number, one) if not parts else str(number)
            parts.append(f"{what} {_fate(fate, number)}")
    return plain(", ".join(parts))


def _size(release: Release) -> str:
    commits = len({commit.id for commit in release.commits})
    authors = len({commit.author.email for commit in release.commits})
    if not commits:
        return "No commits of its own"
    return f"{figures.count(commits, 'commit')} by {figures.count(authors, 'author')}"


def _capital(phrase: Phrase) -> Phrase:
    """With a capital letter at the start, unless a name stands there."""
    first, *rest = phrase.parts
    if first.style is not Style.PLAIN:
        return phrase
    text = first.text[:1].upper() + first.text[1:]
    return plain(text) + Phrase(tuple(rest))
