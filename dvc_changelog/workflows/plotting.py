"""The plots of a review: what `dvc plots diff` would show of those whose data changed, as pictures."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Release, Revision
from dvc_changelog.render import beside, figures, vega
from dvc_changelog.snapshot import Snapshots, UnreadableError
from dvc_changelog.snapshot.plotted import Drawable, Plotted
from dvc_changelog.snapshot.points import PICTURES
from dvc_changelog.workflows import drawing
from dvc_changelog.workflows.completing import Progress
from dvc_changelog.workflows.paths import Paths

DRAWN = 12
"""How many plots are drawn."""


class Plot(NamedTuple):
    """A plot drawn: what it is called, its PNG, and in words what it shows."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to be drawn: `job` is one of `drawing.drawn`."""

    name: str
    job: Mapping[str, object]
    alt: str


def plots(
    snapshots: Snapshots, release: Release, config: Config, progress: Progress | None = None
) -> tuple[list[Plot], list[str]]:
    """Draw the plots whose points or pictures are not the same on both sides.

    Args:
        snapshots: how to read both.
        release: the review.
        config: which paths are told.
        progress: called as plots are drawn.

    Returns:
        the plots, and what is to be said of those that could not be drawn.
    """
    if not drawing.available():
        return [], [f"No plots are drawn: `vl-convert-python` is not installed. {drawing.REMEDY}"]
    sides = sides_of(snapshots, release)
    jobs, messages = jobs_of(snapshots, release, sides, Paths(config.include_paths, config.exclude_paths))
    if len(jobs) > DRAWN:
        rest = ", ".join(f"`{job.name}`" for job in jobs[DRAWN : DRAWN + 3])
        more = f" and {len(jobs) - DRAWN - 3:,} more" if len(jobs) > DRAWN + 3 else ""
        messages.append(f"{DRAWN} plots are drawn; not {rest}{more}.")
    wanted = jobs[:DRAWN]
    if progress and wanted:
        progress("Drawing plots", 0, len(wanted))
    answers = drawing.drawn([job.job for job in wanted]) if wanted else []
    if progress and wanted:
        progress("Drawing plots", len(wanted), len(wanted))
    pairs = list(zip(wanted, answers, strict=True))
    messages += [_not_drawn(job.name, why) for job, why in pairs if isinstance(why, str)]
    return [Plot(job.name, png, job.alt) for job, png in pairs if isinstance(png, bytes)], messages


def sides_of(snapshots: Snapshots, release: Release) -> dict[str, Plotted]:
    """Both states by what they are called; the older one first, as `dvc plots diff` is asked for them."""
    revisions = [*([release.base] if release.base else []), release.head]
    names = [_label(revision) for revision in revisions]
    if len(set(names)) < len(names):
        names = [
            f"{name} ({revision.commit_id[:7]})" for name, revision in zip(names, revisions, strict=True)
        ]
    return {name: snapshots.plotted(revision) for name, revision in zip(names, revisions, strict=True)}


def _label(revision: Revision) -> str:
    return revision.version or revision.name or revision.commit_id[:7]


def jobs_of(
    snapshots: Snapshots, release: Release, sides: Mapping[str, Plotted], wanted: Callable[[str], bool]
) -> tuple[list[Job], list[str]]:
    """What is to be drawn of plots that are not the same on both sides, by name; what of them cannot be."""
    changed = _changed(sides, wanted)
    lines: dict[str, list[vega.Definition]] = {label: [] for label in sides}
    pictures: dict[str, None] = {}
    roots: dict[str, None] = {}
    for label, drawables in changed.items():
        for one in drawables:
            roots[one.project] = None
            if posixpath.splitext(one.id)[1] in PICTURES:
                pictures[one.id] = None
            else:
                lines[label].append(_definition(sides[label], one))
    jobs: list[Job] = []
    messages: list[str] = []
    for plot in vega.filled(lines, lambda name: _template(snapshots, release.head, name, tuple(roots))):
        if plot.same and not plot.trouble:
            continue
        messages += [f"Of the plot `{plot.name}`, {remark}." for remark in plot.remarks]
        if plot.spec is None:
            messages.append(_not_drawn(plot.name, plot.trouble))
        else:
            jobs.append(Job(plot.name, {"vega": plot.spec}, _alt(plot)))
    jobs += _panels(pictures, sides, messages)
    messages += [
        f"The plots in `{path}` of {label} are not known: {why}."
        for label, side in sides.items()
        for path, why in side.troubles.items()
        if not _same([each.content(path) for each in sides.values()])
    ]
    return sorted(jobs, key=lambda job: job.name), messages


def _changed(sides: Mapping[str, Plotted], wanted: Callable[[str], bool]) -> dict[str, list[Drawable]]:
    """Of each side the plots that have a file which the other side has otherwise, or not at all."""
    found = {label: list(side.drawables()) for label, side in sides.items()}
    moved = {
        path
        for drawables in found.values()
        for one in drawables
        for path in one.sources
        if wanted(path) and not _same([side.content(path) for side in sides.values()])
    }
    told = {one.id for drawables in found.values() for one in drawables if not moved.isdisjoint(one.sources)}
    return {label: [one for one in drawables if one.id in told] for label, drawables in found.items()}


def _same(contents: Sequence[Content | None]) -> bool:
    first, *rest = contents
    return all(first is other or (first and other and first.same(other)) for other in rest) and bool(rest)


def _definition(side: Plotted, one: Drawable) -> vega.Definition:
    documents: dict[str, object] = {}
    unread: dict[str, str] = {}
    for path in one.sources:
        try:
            documents[path] = side.document(path, header=one.props.get("header") is not False)
        except UnreadableError as error:
            unread[path] = error.reason
    return vega.Definition(one.id, one.file, one.props, documents, unread)


def _template(snapshots: Snapshots, head: Revision, name: str, roots: Sequence[str]) -> bytes | None:
    """A template of the repository at the head, where DVC looks for it: in `.dvc/plots`, else at its path."""
    plain = posixpath.normpath(name)
    if plain.startswith(("/", "..")):
        return None
    for root in (*roots, ""):
        for place in (f".dvc/plots/{plain}", f".dvc/plots/{posixpath.splitext(plain)[0]}.json", plain):
            data = snapshots.data(posixpath.join(root, place), head)
            if data is not None:
                return data
    return None


def _panels(paths: Mapping[str, None], sides: Mapping[str, Plotted], messages: list[str]) -> Iterator[Job]:
    """Pictures that are plots themselves: the old and the new one side by side."""
    found: dict[str, dict[str, bytes | str]] = {}
    for path in paths:
        found[path] = {label: _picture(side, path) for label, side in sides.items()}
    _draw_svgs(found)
    for path, panels in found.items():
        unread: dict[str, list[str]] = {}
        for label, why in panels.items():
            if isinstance(why, str) and why != _NONE:
                unread.setdefault(why, []).append(label)
        for why, labels in unread.items():
            messages.append(f"The plot `{path}` of {' and of '.join(labels)} cannot be shown: {why}.")
        shown = [label for label, picture in panels.items() if isinstance(picture, bytes)]
        if shown:
            told = [
                (label, picture if isinstance(picture, bytes) or picture == _NONE else "not readable here")
                for label, picture in panels.items()
            ]
            yield Job(
                path, {"svg": beside.side_by_side(told)}, f"{path}: the picture of {' and of '.join(shown)}"
            )


_NONE = "not there"


def _picture(side: Plotted, path: str) -> bytes | str:
    if side.content(path) is None:
        return _NONE
    try:
        data = side.bytes_of(path)
    except UnreadableError as error:
        return error.reason
    return data if beside.kind(data) else "no picture that is known by its bytes"


def _draw_svgs(found: Mapping[str, dict[str, bytes | str]]) -> None:
    """Put dots in the place of drawings: a picture inside of a picture would show none of its own."""
    places = [
        (panels, label, picture)
        for panels in found.values()
        for label, picture in panels.items()
        if isinstance(picture, bytes) and beside.kind(picture) == "svg"
    ]
    jobs = [{"svg": picture.decode("utf-8", "replace")} for _, _, picture in places]
    for (panels, label, _), answer in zip(places, drawing.drawn(jobs) if jobs else [], strict=True):
        panels[label] = answer


def _alt(plot: vega.Filled) -> str:
    """As in "loss.tsv: 120 points in main, 140 in tune"."""
    counts = [f"{count:,} in {label}" for label, count in plot.points.items()]
    first, _, rest = counts[0].partition(" ")
    counts[0] = f"{first} {'point' if first == '1' else 'points'} {rest}"
    less = f"; {figures.count(plot.left_out, 'point')} between the extremes left out" if plot.left_out else ""
    return f"{plot.name}: {', '.join(counts)}{less}"


def _not_drawn(name: str, why: str) -> str:
    return f"The plot `{name}` is not drawn: {why.rstrip('.')}."
