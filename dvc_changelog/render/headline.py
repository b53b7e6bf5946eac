"""The sentences at the top of a release: what kind of release it is, what happened, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import (
    Change,
    ChangeType,
    Level,
    MetricChange,
    OutputChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Release,
    Role,
)
from dvc_changelog.render import figures, models, results
from dvc_changelog.render.happened import FEW, Happened, role
from dvc_changelog.render.phrase import Phrase, Style, code, joined, listed, plain, strong

_ORDER = tuple(ChangeType)


def sentences(release: Release, previous: str) -> Iterator[Phrase]:
    """One or two sentences and the size, made from the changes alone; never an empty phrase.

    What broke comes first. "Nothing changed" is a claim: it is made only where everything could be read.
    """
    commits = f"{size(release)}."
    if not release.base:
        yield _first(release) + commits
        return
    told = list(_told(release, previous))
    yield lead(release) + joined([*told, plain(commits)], " ")
    yield from apart(release, previous)


def apart(release: Release, previous: str) -> Iterator[Phrase]:
    """That what is told as removed may never have been there; nothing where that cannot be."""
    if release.apart and any(change.change is ChangeType.DELETED for change in release.changes):
        branch = f"It stands on another branch than {previous}"
        yield plain(f"{branch}: what is told as removed may only be there.")


def happened(release: Release) -> Phrase:
    """What came, went and changed in one sentence, or else what became of plots; not where metrics moved."""
    clauses = [clause for clause in Happened(release).clauses() if clause][:FEW]
    clauses = clauses or list(_plots(release.changes))
    return sentence(clauses) if clauses else Phrase()


def _told(release: Release, previous: str) -> Iterator[Phrase]:
    """Whole sentences: what is beyond a limit, what happened, what came of it."""
    beyond = results.alerts(release)
    if beyond:
        yield sentence([beyond])
    things = Happened(release)
    befell = [clause for clause in things.clauses() if clause][:FEW]
    came = list(results.clauses(release))
    unread = list(results.unread(release))
    if len(befell) == 1 and things.trained and came:
        befell, came = [befell[0] + ": " + came[0], *came[1:], *unread], []
    else:
        came += unread
    if befell or came:
        yield from (sentence(clauses) for clauses in (befell, came) if clauses)
    elif drawn := list(_plots(release.changes)):
        yield sentence(drawn)
    elif release.projects and not beyond:
        yield _unchanged(release, previous)


def sentence(clauses: Sequence[Phrase]) -> Phrase:
    """Clauses as one sentence."""
    return _capital(joined(clauses, "; ")) + "."


def _unchanged(release: Release, previous: str) -> Phrase:
    if any(not problem.missing for problem in release.problems):
        return plain(
            "No change of data, models, params or metrics was seen, but not all could be read (see below)."
        )
    since = f" since {previous}" if previous else ""
    where = plain(" in ") + code(release.project) if release.project else Phrase()
    told = plain("Data, models, params and metrics that DVC tracks") + where
    return told + f" are unchanged{since}."


def lead(release: Release) -> Phrase:
    """As in "Minor release.", where the tags tell the step."""
    if not release.head.version or release.step is Level.NONE:
        return Phrase()
    return strong(f"{release.step.name.capitalize()} release.") + " "


def _first(release: Release) -> Phrase:
    """What there is where nothing was before: the first of a line of releases, or no release yet."""
    contents = listed(_contents(release))
    beyond = results.alerts(release)
    after = " " + sentence([beyond]) + " " if beyond else plain(" ")
    if not release.head.version:
        told = plain(" So far ") + contents + "." if contents else Phrase()
        return strong("Not released yet.") + told + after
    lead = strong(f"First release of {release.line}." if release.line else "First release.")
    return lead + (plain(" With ") + contents + "." if contents else Phrase()) + after


def _contents(release: Release) -> list[Phrase]:
    """What a first release holds."""
    outputs = [c for c in release.changes if isinstance(c, OutputChange)]
    models = sum(1 for c in outputs if c.model)
    sources = sum(1 for c in outputs if not c.model and role(c) is Role.SOURCE)
    metrics = [c for c in release.changes if isinstance(c, MetricChange)]
    counted = (
        (models, "model"),
        (sources, "data set"),
        (len(outputs) - models - sources, "pipeline output"),
        (sum(1 for c in metrics if c.name or c.change is not ChangeType.UNKNOWN), "metric"),
        (len({c.path for c in metrics if c.change is ChangeType.UNKNOWN}), "metrics file"),
        (sum(1 for c in release.changes if isinstance(c, ParamChange) and c.name), "hyperparameter"),
    )
    return [plain(figures.count(number, one)) for number, one in counted if number]


def _plots(changes: Sequence[Change]) -> Iterator[Phrase]:
    """What became of plots, said where there is nothing else: their data, or else how they are defined."""
    for kind, one in ((PlotChange, "plot file"), (PlotDefinitionChange, "plot definition")):
        for fate in _ORDER:
            number = sum(1 for c in changes if isinstance(c, kind) and c.change is fate)
            if number:
                yield plain(f"{figures.count(number, one)} {models.verb(fate, several=number > 1)}")
        if any(isinstance(c, kind) for c in changes):
            return


def size(release: Release) -> str:
    """As in "12 commits by 2 authors", without its stop."""
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
