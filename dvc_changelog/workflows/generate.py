"""`generate`: the releases of a repository, told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Changelog, LifecycleEvent, Release
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History, Selection, Span, Tag, Told
from dvc_changelog.render.names import namesakes
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import artifacts, events
from dvc_changelog.workflows.asked import Asked, Part, asked_for, chosen_of, named, planned_tag
from dvc_changelog.workflows.common import forge_of, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, completed, fetching
from dvc_changelog.workflows.judging import unmatched
from dvc_changelog.workflows.paths import Paths
from dvc_changelog.workflows.projects import of_others, project_of, projects_at
from dvc_changelog.workflows.tell import Teller

if TYPE_CHECKING:
    from dvc_changelog.workflows.experiments import Experiments
    from dvc_changelog.workflows.sources import Sources

_NO_DVC = (
    "No DVC files here: the changelog tells of code only. "
    "`dvc init` and `dvc add` bring data and models in; --repo names another repository."
)
_NO_DVC_BUT_GTO = (
    "No DVC files here: the changelog tells of code, and of the artifacts that GTO knows. "
    "`dvc init` and `dvc add` bring data and models in."
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What `generate` was asked for; see there. `whole`: all of the history, no range of it."""

    asked: Asked
    part: Part
    whole: bool
    tag: str | None = None
    version: str | None = None
    newest: bool = False
    tag_message: str | None = None
    weighed: bool = True
    sources: Sources | None = None


def generate(
    repo: History | Path | str = ".",
    range: str | None = None,  # noqa: A002  # the word of git and git-cliff
    *,
    part: Part = Part.ALL,
    tag: str | None = None,
    tag_message: str | None = None,
    version: str | None = None,
    newest: bool = False,
    weighed: bool = True,
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
) -> Changelog:
    """Tell the releases of a repository.

    Args:
        repo: any place in the repository, or one that is open.
        range: `A..B`: only what B reaches and A does not; the default is all that HEAD reaches.
        part: all releases, the unreleased part, the latest release, or the one checked out.
        tag: names the unreleased part; nothing is created.
        tag_message: what that tag's message will say, told as if the tag were there.
        version: only this release, by its tag, an alias, or its number; "unreleased" for what has no tag.
        newest: only what comes first: the unreleased part if there is one, else the latest release.
        weighed: decide which step each release asks for, its `bump`; the built-in entry does not tell it.
        config: options; by default those of the repository's configuration file.
        fetch: get values that DVC keeps from its remotes where the cache lacks them, and tell what changed in
            the repositories that data is imported from.
        progress: called as releases are told, and as such values come.

    Returns:
        the releases, newest first, with remarks for the person who asked.

    Raises:
        ChangelogError: see `dvc_changelog.errors`; the message names the thing and the remedy.
    """
    if tag_message is not None and tag is None:
        raise UsageError("--with-tag-message is of a tag that is not named", "Name it: --tag v1.2.0.")
    history, config = open_history(repo, config)
    wanted = _Wanted(
        *(asked_for(history, range), part, range is None, tag, version),
        newest=newest,
        tag_message=tag_message,
        weighed=weighed,
    )
    with fetching(history, wanted=fetch) as sources:
        wanted = replace(wanted, sources=sources)
        return _generated(history, config, snapshots_of(history, config), wanted, progress)


def generate_each(
    repo: History | Path | str = ".",
    range: str | None = None,  # noqa: A002  # as in `generate`
    *,
    part: Part = Part.ALL,
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
    kept: Callable[[str], bool] = lambda _: False,
) -> Iterator[tuple[str, Changelog]]:
    """Tell the releases of each artifact that has some.

    Args:
        repo: any place in the repository, or one that is open.
        range: see `generate`.
        part: which releases of each.
        config: options; `artifact` is set for each.
        fetch: see `generate`.
        progress: see `generate`.
        kept: whether an artifact has a changelog already: then it is told, too, where all was cancelled.

    Returns:
        the artifacts by name, `dir:name` in full, each with its changelog.

    Raises:
        ChangelogError: see `generate`; no artifact has a release, or two would share a file.
    """
    history, config = open_history(repo, config)
    snapshots = snapshots_of(history, config)
    wanted = _Wanted(asked_for(history, range), part, range is None)
    selection = selection_of(history, snapshots, wanted.asked, config)
    names = artifacts.released(history, selection, declared(snapshots, history, wanted.asked))
    gone = artifacts.withdrawn(history, selection) - names
    withdrawn = set(filter(kept, gone))
    told = sorted(names | withdrawn)
    artifacts.apart(told)
    remarks = artifacts.remark_on(gone - withdrawn)
    with fetching(history, wanted=fetch) as sources:
        wanted = replace(wanted, sources=sources)
        for name in told:
            step = partial(_step, progress, name) if progress else None
            now = replace(wanted, part=Part.UNRELEASED) if name in withdrawn else wanted
            one = _generated(history, config.replace(artifact=name), snapshots, now, step)
            yield name, replace(one, messages=(*one.messages, *remarks))


def _step(progress: Progress, artifact: str, what: str, done: int, total: int) -> None:
    progress(f"{artifact}: {what}", done, total)


def selection_of(history: History, snapshots: Snapshots, asked: Asked, config: Config) -> Selection:
    """Which tags are releases, whatever artifact they are of.

    Where one project is told alone, those named after others are not.
    """
    projects = projects_at(snapshots, config, [history.at(asked.upper, asked.names[asked.upper])])
    lines = {tag.name.line for tag in history.all_tags} if projects else set()
    return Selection(
        *(config.tag_pattern, config.ignore_tags, config.skip_tags, config.merge_prereleases),
        not_lines=of_others(lines, project_of(config) or "", projects),
    )


def declared(snapshots: Snapshots, history: History, asked: Asked) -> set[str]:
    """The artifacts that the revision asked for declares."""
    snapshot = snapshots.at(history.at(asked.upper, asked.names[asked.upper]))
    return {artifact.address for artifact in snapshot.artifacts.values()}


def _generated(
    history: History, config: Config, snapshots: Snapshots, wanted: _Wanted, progress: Progress | None
) -> Changelog:
    asked = wanted.asked
    planned = None
    if wanted.tag is not None:
        planned = planned_tag(history, wanted.tag, asked.upper, wanted.tag_message)
    selection = selection_of(history, snapshots, asked, config)
    if config.artifact:
        config, selection = _of_artifact(
            history, config, snapshots, wanted, planned=planned, selection=selection
        )
    told = history.releases(asked.upper, selection, every=config.all_tags, lower=asked.lower, planned=planned)
    experiments = _experiments(history, snapshots, config, told, asked.upper) if config.experiments else None
    if experiments and wanted.whole and not planned:
        told = replace(told, spans=(*experiments.unreleased(told.spans, asked.upper), *told.spans))
    chosen = [named(told, wanted.version)] if wanted.version else chosen_of(told, wanted.part, asked.upper)
    soon = chosen[:2] if wanted.newest else chosen
    trees, paths = experiments.reads(soon) if experiments else ((), ())
    trees = (*(history.at(span.commit_id, "").tree_id for span in soon), *trees)
    snapshots.expect(trees, history.touched().union(paths))
    teller = _teller(history, config, snapshots, told, experiments)
    teller.weighs = wanted.weighed
    found = events.found(history, told, selection, config, lambda span: teller.tells(span, asked.names))
    teller.events = found

    def tell() -> list[Release]:
        teller.begin()
        return list(islice(_told(teller, chosen, wanted, progress), 1 if wanted.newest else None))

    releases, remarks = completed(tell, snapshots, wanted.sources, progress)
    if experiments:
        remarks = (*remarks, *experiments.remarks(chosen, whole=wanted.whole))
    return Changelog(
        releases=tuple(releases),
        order=_order(told),
        cancelled=tuple(e.tag for e in history.lifecycle() if e.event is LifecycleEvent.REGISTERED),
        artifact=config.artifact,
        messages=(
            *told.messages,
            *(() if asked.lower else found.left_out),
            *_hints(snapshots, history, asked, releases),
            *unmatched(teller.judge, snapshots.at(history.at(asked.upper, asked.names[asked.upper]))),
            *remarks,
        ),
    )


def _experiments(
    history: History, snapshots: Snapshots, config: Config, told: Told, upper: str
) -> Experiments:
    from dvc_changelog.workflows.experiments import Experiments, by_release

    paths = Paths(config.include_paths, config.exclude_paths)
    return Experiments(history, snapshots, paths, by_release(history.trials, told.spans, upper))


def _told(
    teller: Teller, chosen: Sequence[Span], wanted: _Wanted, progress: Progress | None
) -> Iterator[Release]:
    """The releases, but for an unreleased part that has nothing to tell, unless it is what was asked for."""
    for done, span in enumerate(chosen):
        if progress:
            progress("Reading release", done + 1, len(chosen))
        release = teller.release(span, wanted.asked.names)
        if _has_something(release, wanted.part):
            yield release


def _has_something(release: Release, part: Part) -> bool:
    """Whether a release is worth an entry: it has a tag, and its project is there already."""
    if release.commits or release.changes or release.experiments or part is Part.UNRELEASED:
        return True
    return bool(release.head.version) and (release.project is None or bool(release.projects))


def _order(told: Told) -> tuple[str, ...]:
    unreleased = any(span.tag is None for span in told.spans)
    return ("unreleased", *told.order) if unreleased else told.order


def _of_artifact(
    history: History,
    config: Config,
    snapshots: Snapshots,
    wanted: _Wanted,
    *,
    planned: Tag | None,
    selection: Selection,
) -> tuple[Config, Selection]:
    """The options with the full name of the artifact, and the tags that are its releases.

    Asked only for what is not released yet, it may be one that never was.
    """

    def expected() -> Iterable[str]:
        if planned:
            yield planned.name.line
        if planned or wanted.part is Part.UNRELEASED:
            yield from artifacts.known(history) | declared(snapshots, history, wanted.asked)

    name = artifacts.resolved(config.artifact, history, selection, expected)
    return config.replace(artifact=name), replace(selection, artifact=name)


def _teller(
    history: History, config: Config, snapshots: Snapshots, told: Told, experiments: Experiments | None
) -> Teller:
    files = frozenset[str]()
    if artifacts.PLACE in config.output:
        files = artifacts.changelogs(config.output, artifacts.known(history) | {config.artifact})
    return Teller(
        history,
        snapshots,
        config,
        namesakes=namesakes(told.order),
        forge=forge_of(history, config),
        changelogs=files,
        experiments=experiments,
        spans=told.uncut or told.spans,
    )


def _hints(
    snapshots: Snapshots, history: History, asked: Asked, releases: Sequence[Release]
) -> tuple[str, ...]:
    snapshot = snapshots.at(history.at(asked.upper, asked.names[asked.upper]))
    if not releases or snapshot.has_dvc:
        return ()
    gto = snapshot.artifacts or any(tag.annotated and tag.name.gto for tag in history.all_tags)
    return (_NO_DVC_BUT_GTO if gto else _NO_DVC,)
