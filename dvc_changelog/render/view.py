"""A release prepared for showing: the same for Markdown, the terminal and comments.

What is said, and in which order, is decided here and in the modules it calls; how it is set, in the renderers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Change,
    FileChanged,
    Forge,
    ImportChange,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    Release,
    StageChange,
)
from dvc_changelog.render import commits, figures, links, outputs, software, stages, summary, tables, ways
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import Line, Section, View

C = TypeVar("C", bound=Change)


def view(release: Release, config: Config, forge: Forge | None = None) -> View:
    """Prepare a release.

    Args:
        release: what to show.
        config: headings, quiet groups, and where lists fold.
        forge: for links; None for none.
    """
    changes = release.changes
    version, previous = names(release)
    arranged = commits.arranged(release.commits, config, forge)
    models = [c for c in _of(OutputChange, changes) if c.model]
    data = [c for c in _of(OutputChange, changes) if not c.model]
    environment = software.lines(
        _of(PackageChange, changes), _of(FileChanged, changes), _of(ImportChange, changes), first=not release.base
    )
    sections = (
        tables.metrics(_of(MetricChange, changes), version, previous),
        Section("Models", lines=tuple(outputs.lines(models, release))),
        Section("Data", lines=tuple(outputs.lines(data, release))),
        tables.params(_of(ParamChange, changes), version, previous, release.stale),
        Section("Pipeline", lines=tuple(stages.lines(_of(StageChange, changes)))),
        Section("Environment and dependencies", lines=tuple(environment)),
        Section("Deployments", lines=tuple(Line(outputs.deployment(d)) for d in release.deployments)),
        Section("Why", lines=tuple(Line(commits.note(n, forge)) for n in release.notes)),
        *arranged.sections,
    )
    return View(
        title=version,
        date=figures.date(release.head.timestamp) if release.head.version else "",
        version=version,
        previous=previous,
        compare_url=links.compare(release, forge),
        aliases=release.aliases,
        summary=tuple(summary.sentences(release, previous)),
        sections=tuple(section for section in sections if section),
        quiet=arranged.quiet,
        ways=tuple(ways.lines(release)),
        remarks=tuple(_remarks(release)),
        fold_after=config.fold_after,
    )


def names(release: Release) -> tuple[str, str]:
    """How the two sides are called: versions without the `v`, else what the user called them."""
    head = release.head
    version = _bare(head.version) if head.version else "Unreleased"
    if not release.base:
        return version, ""
    return version, _bare(release.base.version or release.base.name)


def _bare(version: str) -> str:
    """`v1.2.0` reads as 1.2.0; other names stay."""
    return version[1:] if version[:1] in "vV" and version[1:2].isdigit() else version


def _of(kind: type[C], changes: Sequence[Change]) -> list[C]:
    return [change for change in changes if isinstance(change, kind)]


def _remarks(release: Release) -> Iterator[Phrase]:
    """What could not be read, by reason: never silence."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for problem in release.problems:
        by_reason.setdefault((problem.reason, problem.revision), []).append(problem.path)
    for (reason, revision), paths in by_reason.items():
        shown = paths[:_SHOWN_PATHS]
        more = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
        phrase = plain("Not readable here: ")
        for n, path in enumerate(shown):
            phrase = phrase + (", " if n else "") + code(path)
        yield phrase + more + plain(f" at {_bare(revision)}: {reason}.")


_SHOWN_PATHS = 5
