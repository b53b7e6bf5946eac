"""The middle of a comment: what became of metrics, models, data and hyperparameters, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from dvc_changelog.domain import ChangeType, MetricChange, Picture, Release
from dvc_changelog.render import figures
from dvc_changelog.render.comment import rows, sides
from dvc_changelog.render.comment.given import Given
from dvc_changelog.render.comment.parts import Part, Weight
from dvc_changelog.render.comment.wording import image, paragraph, short
from dvc_changelog.render.phrase import plain, strong
from dvc_changelog.render.shapes import Block, Fold, Section

_OPEN_PICTURES = 2


def parts(given: Given) -> Iterator[Part]:
    """What is not folded, but for long lists and for where the metrics moved."""
    told = given.told
    yield from _of_metrics(given)
    yield given.part(Weight.MODELS, told.models)
    yield given.part(Weight.DATA, told.data)
    params, before = sides.all_headed(told.params, given.review), bool(given.release.base)
    yield Part(Weight.PARAMS, partial(given.setting.params, params, sides=before), "hyperparameters")
    yield given.part(Weight.WHY, told.why, "what people wrote")
    for section in given.breaking:
        yield given.part(Weight.BREAKING, section)
    yield given.part(Weight.PLOTS, told.plots)
    if pictures := [picture for picture in given.review.pictures if picture.url]:
        called = figures.count(len(pictures), "picture")
        yield Part(Weight.PICTURES, partial(_pictures, given, pictures), called)


def _of_metrics(given: Given) -> Iterator[Part]:
    section = sides.headed(given.told.metrics, given.review)
    section = rows.kept(rows.narrowed(section, given.release), given.release, given.config)
    number = len(section.table.rows) if section.table else 0
    yield Part(
        Weight.METRICS, partial(_metrics, given, section), f"metrics ({number or len(section.lines):,})"
    )
    for block in section.blocks:
        yield Part(Weight.MOVED, partial(_moved, given, block), "where the metrics moved")
    if section.folds:
        yield Part(Weight.MOVED, partial(_folds, given, section.folds), "metrics on each split")


def _metrics(given: Given, section: Section, room: int) -> str:
    """A table without a heading: it says what it is of. Lines without a table have one."""
    if not section.table or not section.table.rows:
        return given.setting.section(Section(section.heading, lines=section.lines), room)
    if not room:
        return ""
    pieces = [paragraph(section.note)] if section.note else []
    pieces.append(given.setting.table(section.table, room))
    if section.lines:
        pieces.append(given.setting.lines(section.lines, room))
    return "\n\n".join(pieces)


def _moved(given: Given, block: Block, room: int) -> str:
    if not room:
        return ""
    if not block.lines:
        return paragraph(block.title)
    title = plain(f"Where the metrics moved{_share(given.release)}")
    return given.setting.folded(title, given.setting.lines(block.lines, room, inside=True))


def _share(release: Release) -> str:
    """As in " (3 of 12 commits)": those that moved a metric; of how many, where all of them are told of."""
    metrics = [
        c for c in release.changes if isinstance(c, MetricChange) and c.change is not ChangeType.RENAMED
    ]
    steps = (step for change in metrics for step in change.steps if step.delta is not None or release.base)
    movers = {step.commit_id for step in steps if step.commit_id}
    commits = {commit.id for commit in release.commits}
    of = f" of {len(commits):,}" if movers <= commits else ""
    return f" ({len(movers):,}{of} {'commit' if len(commits if of else movers) == 1 else 'commits'})"


def _folds(given: Given, folds: Sequence[Fold], room: int) -> str:
    return "\n\n".join(given.setting.tables(folds, room)) if room else ""


def _pictures(given: Given, pictures: Sequence[Picture], room: int) -> str:
    """Images, each below its title; of many, folded."""
    if not room:
        return ""
    told = [f"{strong(short(p.title)).markdown}\n\n{image(p.alt or p.title, p.url)}" for p in pictures[:room]]
    if len(pictures) > room:
        told.append(f"… and {figures.count(len(pictures) - room, 'more picture')}.")
    body = "\n\n".join(told)
    return body if len(pictures) <= _OPEN_PICTURES else given.setting.folded(plain("Pictures"), body)
