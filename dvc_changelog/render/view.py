"""A release prepared for showing: the same for Markdown, the terminal and comments.

What is said, and in which order, is decided here and in the modules it calls; how it is set, in the
renderers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    ArtifactChange,
    Change,
    FileChanged,
    ImportChange,
    MetricChange,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Release,
    RemoteChange,
    StageChange,
)
from dvc_changelog.render import (
    artifacts,
    commits,
    experiments,
    figures,
    headline,
    links,
    metrics,
    migrations,
    moved,
    names,
    outputs,
    params,
    plots,
    quotes,
    reverts,
    rollbacks,
    seeds,
    software,
    stages,
    stale,
    unmoved,
    ways,
)
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line, Section, View

C = TypeVar("C", bound=Change)

_SHOWN_PATHS = 5


def view(release: Release, config: Config) -> View:
    """Prepare a release.

    Args:
        release: what to show.
        config: headings, quiet groups, and where lists fold.
    """
    version, previous = names.sides(release)
    told = parts(release, config)
    return View(
        title=f"{previous} → {version}" if release.review else version,
        date=figures.date(release.head.timestamp) if release.head.version and not release.review else "",
        version=version,
        previous=previous,
        compare_url=links.compare(release),
        aliases=release.aliases,
        prereleases=release.prereleases,
        words=quotes.quoted(release.notes, release.head.version or ""),
        summary=(*headline.sentences(release, previous), *experiments.sentences(release)),
        sections=tuple(section for section in told.sections if section),
        quiet=told.commits.quiet,
        ways=tuple(ways.lines(release)),
        remarks=tuple(remarks(release)),
        fold_after=config.fold_after,
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """What is told of a release, each kind by itself; a section may be empty."""

    metrics: Section
    models: Section
    data: Section
    params: Section
    plots: Section
    pipeline: Section
    experiments: Section
    environment: Section
    deployments: Section
    registry: Section
    why: Section
    commits: commits.Arranged

    @property
    def sections(self) -> tuple[Section, ...]:
        """All but the quiet commits, in order of weight."""
        return (
            *(self.metrics, self.models, self.data, self.params, self.plots, self.pipeline),
            *(self.experiments, self.environment, self.deployments, self.registry, self.why),
            *self.commits.sections,
        )


def parts(release: Release, config: Config) -> Parts:
    """What changed in all that is tracked, what people wrote, and the commits."""
    version, previous = names.sides(release)
    changes = release.changes
    models = [c for c in _of(OutputChange, changes) if c.model]
    data = [c for c in _of(OutputChange, changes) if not c.model]
    environment = software.lines(
        _of(PackageChange, changes),
        _of(FileChanged, changes),
        _of(ImportChange, changes),
        (*models, *data),
        first=not release.base,
    )
    pipeline = (
        *migrations.lines(release.migrations),
        *stages.lines(_of(StageChange, changes)),
        *stale.of_stages(release.stale, _of(StageChange, changes)),
        *stale.of_outputs(release.stale, metrics.told(changes), told=False),
        *unmoved.lines(release.unmoved, release.forge),
        *stages.kept(_of(RemoteChange, changes)),
        *artifacts.lines(_of(ArtifactChange, changes), _of(OutputChange, changes)),
    )
    drawn = plots.lines(_of(PlotChange, changes), _of(PlotDefinitionChange, changes), first=not release.base)
    written = (note for note in release.notes if not quotes.is_quote(note))
    why = (Line(commits.note(n, release.forge, release.head.version)) for n in written)
    return Parts(
        metrics=_with_commits(
            metrics.section(_of(MetricChange, changes), version, previous, release), release
        ),
        models=Section("Models", lines=tuple(outputs.lines(models, release))),
        data=Section("Data", lines=tuple(outputs.lines(data, release))),
        params=_params(release, config, (version, previous)),
        plots=Section("Plots", lines=tuple(drawn)),
        pipeline=Section("Pipeline", lines=pipeline),
        experiments=experiments.section(release),
        environment=Section("Environment and dependencies", lines=tuple(environment)),
        deployments=Section(
            "Deployments", lines=tuple(Line(outputs.deployment(d)) for d in release.deployments)
        ),
        registry=Section("Registry", lines=tuple(Line(outputs.lifecycle(e)) for e in release.lifecycle)),
        why=Section("Why", lines=tuple(why)),
        commits=commits.arranged(release.commits, config, release.forge, reverts.Below(release)),
    )


def _params(release: Release, config: Config, sides: tuple[str, str]) -> Section:
    changes = _of(ParamChange, release.changes)
    return params.section(
        changes,
        sides,
        release.stale,
        seeds.lines(release),
        fold_after=config.fold_after,
        several=release.several,
        changed_by=moved.column(changes, release),
        back=tuple(rollbacks.params(release)),
    )


def _with_commits(section: Section, release: Release) -> Section:
    """The section of metrics with which commits moved them, and which no run is known to have written."""
    rewritten = stale.of_outputs(release.stale, metrics.told(release.changes), told=True)
    lines = (*rewritten, *section.lines, *moved.swings(release))
    return replace(section, lines=lines, blocks=tuple(moved.blocks(release)))


def _of(kind: type[C], changes: Sequence[Change]) -> list[C]:
    return [change for change in changes if isinstance(change, kind)]


def remarks(release: Release) -> Iterator[Phrase]:
    """What could not be read, by reason: never silence."""
    by_reason: dict[tuple[bool, str, str], list[str]] = {}
    for problem in release.problems:
        key = (problem.missing, problem.reason, problem.revision)
        by_reason.setdefault(key, []).append(problem.path)
    for (missing, reason, revision), paths in by_reason.items():
        lead = "Missing: " if missing else "Not readable here: "
        shown = joined(code(path) for path in paths[:_SHOWN_PATHS])
        more = f" and {len(paths) - _SHOWN_PATHS:,} more" if len(paths) > _SHOWN_PATHS else ""
        at = f" at {names.label(revision, release)}" if revision else ""
        yield plain(lead) + shown + f"{more}{at} ({reason.rstrip('.')})."
