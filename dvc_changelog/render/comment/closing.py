"""The end of a comment: what a reviewer opens, what could not be read, and what was compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from dvc_changelog.domain import Finding, FindingKind, Release
from dvc_changelog.render import criteria, figures, view, ways
from dvc_changelog.render.blocks import IN_JSON
from dvc_changelog.render.comment import sides, verdict
from dvc_changelog.render.comment.given import Given
from dvc_changelog.render.comment.parts import ROOMS, Part, Weight
from dvc_changelog.render.comment.wording import marked, paragraph
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain, strong
from dvc_changelog.render.rules import left_open, looked_at, why_unsure
from dvc_changelog.render.shapes import Line, Section


def parts(given: Given) -> Iterator[Part]:
    """What is not needed for the verdict, and what limits it."""
    told = given.told
    if told.experiments:
        called = figures.count(len(given.release.experiments or ()), "experiment")
        yield Part(Weight.EXPERIMENTS, partial(_tried, given, told.experiments, called), called)
    yield given.part(Weight.PIPELINE, told.pipeline, fold=True)
    yield given.part(Weight.ENVIRONMENT, told.environment, "environment", fold=True)
    yield given.part(Weight.EVENTS, told.deployments, fold=True)
    yield given.part(Weight.EVENTS, told.registry, fold=True)
    number = sum(len(section.lines) for section in (*given.commits, told.commits.quiet))
    commits = given.release.commits
    squashed = len({commit.id for commit in commits}) < len(commits)  # some are lines of one merge
    called = figures.count(number, "change" if squashed else "commit")
    yield Part(Weight.COMMITS, partial(_commits, given), called, fold=True)
    found = [Line(way) for way in ways.lines(given.release)]
    yield Part(Weight.WAYS, partial(_ways, given, found), "how to reproduce it")
    asides = verdict.asides(given.review, given.release, given.names)
    remarks = [*_apart(given), *asides, *view.remarks(_unsaid(given))]
    yield Part(Weight.REMARKS, partial(_remarks, remarks), f"what is missing ({len(remarks):,})")
    yield Part(Weight.FRAME, partial(_last, given))


def _apart(given: Given) -> Iterator[Phrase]:
    """What limits the verdict."""
    yield from filter(None, (criteria.others(given.review), _unchecked(given)))


def _unchecked(given: Given) -> Phrase:
    """The rules that could not be checked and need not hold, with why: of one file in the shortest words."""
    by_cause: dict[str, list[Finding]] = {}
    for kind in looked_at(given.review):
        for found in () if kind in given.review.fail_on else left_open(given.review, kind):
            by_cause.setdefault(found.path or why_unsure(found), []).append(found)
    told: list[Phrase] = []
    for members in by_cause.values():
        named = listed(code(kind) for kind in dict.fromkeys(found.kind.value for found in members))
        why, path = min(((why_unsure(found), found.path) for found in members), key=lambda said: len(said[0]))
        told.append(named + " could not be checked: " + marked(why, (path,), given.names))
    return joined(told, " ")


def _unsaid(given: Given) -> Release:
    """The release without what is found wrong with files as they are now: that is said with its remedy."""
    told = {found.path for found in given.review.findings if found.kind is FindingKind.UNREADABLE}
    left = (problem for problem in given.release.problems if problem.revision or problem.path not in told)
    return replace(given.release, problems=tuple(left))


def _last(given: Given, room: int) -> str:
    told = sides.last_line(given.review, room)
    return f"<sub>{told.markdown}</sub>" if given.setting.html else paragraph(told)


def _tried(given: Given, section: Section, called: str, room: int) -> str:
    if not room or not section.table:
        return ""
    pieces = [given.setting.table(section.table, room, inside=True)]
    if section.lines:
        pieces.append(given.setting.lines(section.lines, room, inside=True))
    return given.setting.folded(plain(called), "\n\n".join(pieces))


def _commits(given: Given, room: int) -> str:
    """Commits under their headings; of those that say little, fewer where there is little room."""
    few = room if room == ROOMS[0] else room // 3
    told = [given.setting.section(section, room, inside=True) for section in given.commits]
    quiet = given.told.commits.quiet
    if quiet and room:
        listed = given.setting.lines(quiet.lines, few, inside=True)
        told += [strong(quiet.heading).markdown, listed]
    return "\n\n".join(filter(None, told))


def _ways(given: Given, found: Sequence[Line], room: int) -> str:
    if not room or not found:
        return ""
    return given.setting.folded(
        plain("Reproduce and roll back"), given.setting.lines(found, ROOMS[0], inside=True)
    )


def _remarks(remarks: Sequence[Phrase], room: int) -> str:
    """One quote: what GitHub and GitLab read as paragraphs of it."""
    told = [f"> {remark.markdown}" for remark in remarks[:room]]
    if told and len(remarks) > room:
        told.append(f"> … and {len(remarks) - room:,} more, {IN_JSON}")
    return "\n>\n".join(told)
