"""What to look at though no rule is broken: what went, what did not move, what is measured otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvc_changelog.domain import (
    ArtifactChange,
    Ask,
    ChangeType,
    FindingKind,
    Level,
    MetricChange,
    OutputChange,
    Rehomed,
    Release,
    Review,
    Since,
    Value,
)
from dvc_changelog.render import causes, figures, unmoved
from dvc_changelog.render.comment.wording import marked, named, some
from dvc_changelog.render.commits import reference
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain
from dvc_changelog.versioning import sentences

_FEW = 3
_HALF = 0.5
_NOWHERE = Phrase()
_GONE = ("model", "metric", "artifact")


def said(review: Review, release: Release) -> Iterator[Phrase]:
    """Sentences, what weighs most first."""
    if review.contested:
        yield _contested(review)
    yield from _taken_back(review, release)
    yield from map(_rehomed, review.noticed.rehomed)
    yield from _unexplained(review, release)
    yield from _unmoved(review, release)
    yield from _without_model(review, release)
    if models := review.noticed.other_model:
        yield "Metrics were measured on another " + some(map(code, models)) + " than the one of this branch."
    if review.noticed.other_data:
        yield _other_data(review, release)
    if review.noticed.orphaned:
        yield _orphaned(review)
    yield from _gone(review, release)
    yield from _renamed(release)
    if review.noticed.unheeded:
        yield _unheeded(review)
    yield from _major(release)


def _contested(review: Review) -> Phrase:
    what, it = review.contested, "it" if len(review.contested) == 1 else "them"
    told = named(review.target) + " changed " + some(map(code, what)) + " too since this branch left it: "
    return told + f"taking one side of {it} loses the other's."


def _taken_back(review: Review, release: Release) -> Iterator[Phrase]:
    """Reverts say themselves what they are; a merge that takes one side says it brings the other."""
    for revert in release.reverts:
        if revert.merge and revert.undid:
            theirs = reference(revert.reverted, release.forge) + " of " if revert.reverted else Phrase()
            told = plain("The merge ") + reference(revert.commit_id, release.forge) + " takes back what "
            yield told + theirs + named(review.target) + " did to " + some(map(code, revert.undid)) + "."


def _rehomed(remote: Rehomed) -> Phrase:
    """From where data and models come now: whoever keeps what is there decides what they are."""
    where = (plain(" of ") + code(remote.root)) if remote.root else Phrase()
    ending = ": data and models are fetched from there." if remote.used else "."
    if not remote.name:
        called = plain("DVC's default remote " if remote.default else "DVC's remote ")
        told = called + _at(remote.old_name, remote.old_place) + where + " is configured no more: "
        if remote.default:
            return told + code("dvc pull") + " does not know where to look."
        return told + "what is kept there cannot be fetched."
    if remote.name == remote.old_name:
        told = plain("DVC's remote ") + code(remote.name) + where + " is now " + _place(remote.place)
        return told + ", was " + _place(remote.old_place) + ending
    told = plain("DVC's default remote") + where + " is now " + _at(remote.name, remote.place)
    if not remote.old_name:
        return told + ", there was none before" + ending
    return told + ", was " + _at(remote.old_name, remote.old_place) + ending


def _at(name: str, place: str) -> Phrase:
    return code(name) + " (" + _place(place) + ")"


def _place(place: str) -> Phrase:
    return code(place) if place else plain("nowhere that Git knows")


def _unexplained(review: Review, release: Release) -> Iterator[Phrase]:
    """Whoever wrote such a model, or what its stage does by chance, is for a person to say."""
    for change in release.changes:
        if isinstance(change, OutputChange) and change.path in review.noticed.unexplained and change.new:
            made = " changed, though nothing that " + code(change.new.stage) + " reads did: "
            yield "The model " + code(change.path) + made + "not deterministic, or not made by it?"


def _unmoved(review: Review, release: Release) -> Iterator[Phrase]:
    for line in unmoved.lines(review.noticed.unmoved, release.forge):
        why = (plain(": ") + listed(line.because)) if line.because else Phrase()
        below = (plain(": ") + joined(line.below[:_FEW], "; ")) if line.below else Phrase()
        yield line.text + why + below + "."


def _other_data(review: Review, release: Release) -> Phrase:
    """That values are not comparable as they are; why, where it is one data set, and the one there now."""
    first, *more = data = review.noticed.other_data
    late = any(item.since is Since.INPUT and item.path == first for item in release.stale)
    asked = () if more or late else release.changes
    changes = (c for c in asked if isinstance(c, OutputChange) and c.path == first)
    made = ((c.because, c.new.stage) for c in changes if c.new)
    why = next((causes.tail(because, stage, release.forge) for because, stage in made), Phrase())
    another = plain("Metrics were measured on other " if more else "Metrics were measured on another ")
    return another + some(map(code, data)) + " than on " + named(review.target) + why + "."


def _unheeded(review: Review) -> Phrase:
    """What changed of the params, and is for whoever reads the file, but not for DVC."""
    params = review.noticed.unheeded
    files = dict.fromkeys(path for path, _ in params)
    default = all(path.rpartition("/")[2] == "params.yaml" for path in files)
    where = Phrase() if default and len(files) == 1 else plain(" in ") + some(map(code, files))
    it = "it" if len(params) == 1 else "they"
    told = "No stage depends on " + some(code(name) for name in dict.fromkeys(name for _, name in params))
    return told + where + ": " + code("dvc repro") + f" does not notice that {it} changed."


def _orphaned(review: Review) -> Phrase:
    """What is not made any more is as it was for whoever reads it, from now on."""
    paths = review.noticed.orphaned
    told = "No stage makes " + some(map(code, paths)) + " any more"
    readers = dict.fromkeys(stage for _, stages in review.noticed.readers for stage in stages)
    if not readers:
        return told + "."
    alike = len({stages for _, stages in review.noticed.readers}) == 1
    read = [path for path, _ in review.noticed.readers]
    if not alike:
        which = plain("some of them")
    elif len(read) == len(paths):
        which = plain("it" if len(paths) == 1 else "them")
    else:
        which = some(map(code, read))
    verb = " still reads " if len(readers) == 1 else " still read "
    return told + ", and " + some(map(code, readers)) + verb + which + "."


def _without_model(review: Review, release: Release) -> Iterator[Phrase]:
    """Whoever trained nothing better has measured otherwise."""
    if not review.noticed.without_model:
        return
    told = causes.clauses(review.noticed.because, "", release.forge)
    if not told:
        yield plain("Metrics moved though no model did.")
        return
    why = some(clause.body + clause.rest for clause in told)
    said = plain("Metrics moved though no model did: ") + why
    yield said if str(said).endswith("?") else said + "."


def _gone(review: Review, release: Release) -> Iterator[Phrase]:
    """Metrics, models and artifacts that are no more, but for those that a finding is of."""
    told = {(found.path, found.subject) for found in review.findings if found.kind is FindingKind.THRESHOLD}
    metrics, plain_now = list[MetricChange](), list[MetricChange]()
    models, declared = [], []
    renamed = _renamed_metrics(release)
    yield from _called_otherwise(renamed)
    for change in release.changes:
        if change.change is not ChangeType.DELETED:
            continue
        match change:
            case MetricChange() if (change.path, change.name) not in {*told, *renamed}:
                (plain_now if change.declared else metrics).append(change)
            case OutputChange() if change.model:
                models.append(code(change.path))
            case ArtifactChange() if change.old:
                declared.append(code(change.old.address))
    yield from _are("gone", "Model", models)
    yield from _are("gone", "Metric", *_with_files(metrics, review.noticed.shared))
    no_metric = "declared metrics no more" if len(plain_now) > 1 else "declared a metric no more"
    yield from _are(no_metric, "Metric", *_with_files(plain_now, review.noticed.shared))
    yield from _are("declared no more", "Artifact", declared)


def _are(fate: str, one: str, names: Sequence[Phrase], where: Phrase = _NOWHERE) -> Iterator[Phrase]:
    """As in "Metrics `acc` and `loss` of `m.json` are gone."."""
    if len(names) > _FEW:
        yield (
            plain(f"{figures.count(len(names), one.lower())}") + where + f" are {fate}: " + some(names) + "."
        )
    elif names:
        ending = f" are {fate}." if len(names) > 1 else f" is {fate}."
        yield plain(f"{one}s " if len(names) > 1 else f"{one} ") + some(names) + where + ending


def _with_files(metrics: Sequence[MetricChange], shared: frozenset[str]) -> tuple[list[Phrase], Phrase]:
    """Their names, and the file of all; each with its own, where names are of several files."""
    names = [code(change.name or change.path) for change in metrics]
    files = {change.path for change in metrics}
    told = [change.name for change in metrics]
    if len(set(told)) == len(told) and shared.isdisjoint(told):
        return names, Phrase()
    if len(files) == 1:
        return names, plain(" of ") + code(*files)
    pairs = zip(names, metrics, strict=True)
    return [name + " (" + code(c.path) + ")" if c.name else name for name, c in pairs], Phrase()


def _renamed_metrics(release: Release) -> dict[tuple[str, str], MetricChange]:
    """Metrics that went, by file and name, each with the one that came in its place: surely so.

    In their file nothing else went or came, and they have the same value, one that is not everybody's.
    """
    by_file: dict[str, list[MetricChange]] = {}
    for change in release.changes:
        if isinstance(change, MetricChange) and change.change in {ChangeType.ADDED, ChangeType.DELETED}:
            by_file.setdefault(change.path, []).append(change)
    found = {}
    for path, changes in by_file.items():
        gone = [change for change in changes if change.change is ChangeType.DELETED and change.name]
        came = [change for change in changes if change.change is ChangeType.ADDED and change.name]
        if len(gone) == len(came) == 1 and _is_telling(gone[0].old) and gone[0].old == came[0].new:
            found[path, gone[0].name] = came[0]
    return found


def _is_telling(value: Value) -> bool:
    return isinstance(value, float) and not value.is_integer() and value != _HALF


def _called_otherwise(renamed: Mapping[tuple[str, str], MetricChange]) -> Iterator[Phrase]:
    by_names: dict[tuple[str, str], list[Phrase]] = {}
    for (path, name), came in renamed.items():
        by_names.setdefault((name, came.name), []).append(code(path))
    for (old, new), files in by_names.items():
        value = "value" if len(files) == 1 else "values"
        gone = plain("Metric ") + code(old) + " is gone from " + some(files) + "; "
        yield gone + code(new) + f" with the same {value} is new there."


def _renamed(release: Release) -> Iterator[Phrase]:
    """Artifacts that who asks for them by name does not find any more."""
    told = [
        code(change.old_address) + " was renamed to " + code(change.new.address)
        for change in release.changes
        if isinstance(change, ArtifactChange) and change.old_address and change.new
    ]
    if len(told) > _FEW:
        yield plain(f"{figures.count(len(told), 'artifact')} were renamed: ") + some(told) + "."
    else:
        yield from (plain("Artifact ") + one + "." for one in told)


def _major(release: Release) -> Iterator[Phrase]:
    """What asks for a major version, beyond what is gone or called otherwise."""
    asks = [ask for ask in release.bump.because if not _is_told(ask)]
    if release.bump.level is Level.MAJOR and asks:
        told = [marked(text, {ask.name, ask.path}) for ask, text in zip(asks, sentences(asks), strict=True)]
        more = f"; and {len(told) - 1:,} more" if len(told) > 1 else ""
        yield plain("These changes ask for a major version: ") + told[0] + f"{more}."


def _is_told(ask: Ask) -> bool:
    renamed = ask.kind == "artifact" and ask.change == ChangeType.RENAMED
    return renamed or (ask.kind in _GONE and ask.change == ChangeType.DELETED)
