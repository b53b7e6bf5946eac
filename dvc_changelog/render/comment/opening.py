"""The top of a comment: the verdict, what happened, and which version that would become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from dvc_changelog.domain import ArtifactChange, ChangeType, Release, Stage, StageChange, Successor, Touch
from dvc_changelog.render import experiments, headline, names, quotes
from dvc_changelog.render.blocks import IN_JSON
from dvc_changelog.render.comment import verdict, version
from dvc_changelog.render.comment.given import Given
from dvc_changelog.render.comment.parts import Part, Weight, Write
from dvc_changelog.render.comment.wording import paragraph, some
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain
from dvc_changelog.render.shapes import Line, Quote

_BESIDE = frozenset({Touch.CODE, Touch.DOCS, Touch.TESTS})
_FATES = {
    ChangeType.ADDED: ("is new", "are new"),
    ChangeType.DELETED: ("was removed", "were removed"),
    ChangeType.MODIFIED: ("is defined otherwise", "are defined otherwise"),
    ChangeType.RENAMED: ("was renamed", "were renamed"),
    ChangeType.UNKNOWN: ("may have changed", "may have changed"),
}


def parts(given: Given) -> Iterator[Part]:
    """What is read first."""
    yield Part(Weight.VERDICT, _verdict(given))
    yield Part(Weight.SUMMARY, partial(_summary, given), "what happened in a sentence")
    if given.review.successor:
        yield Part(Weight.VERSION, partial(_version, given, given.review.successor))
    for quote in quotes.quoted(given.release.notes, given.release.head.version or ""):
        yield Part(Weight.WHY, partial(_words, given, quote), "the message of a tag")


def _verdict(given: Given) -> Write:
    found = verdict.things(
        given.review, given.release, {*given.names, given.review.target}, given.config.metric_rules
    )
    lead = verdict.lead(found, given.review)
    came = verdict.came(found, given.release)

    def write(room: int) -> str:
        if not room:
            return lead.markdown + (f" They are {IN_JSON}." if found else "")
        if len(found) <= 1:
            return paragraph(joined(filter(None, (lead, *(thing.said for thing in found), came)), " "))
        listed = given.setting.lines([Line(text) for text in verdict.listed(found)], room)
        return "\n\n".join(filter(None, (lead.markdown, listed, paragraph(came))))

    return write


def _summary(given: Given, room: int) -> str:
    """What stands at the top of a release, but for what the verdict says."""
    if not room:
        return ""
    release = given.release
    _, previous = names.sides(release)
    told: list[Phrase] = list(headline.sentences(release, previous))
    if release.base:
        # Of those with a limit that are gone the verdict tells, but does not count them.
        happened = headline.happened(replace(release, alerts=())) or _new(release)
        size = plain(headline.size(release)) + _beside(release) + "."
        told = [headline.lead(release), happened, size, *headline.apart(release, previous)]
    told += experiments.sentences(release)
    if release.aliases:
        told.append("Also tagged " + joined(map(code, release.aliases)) + ".")
    if release.prereleases:
        told.append("Includes the prereleases " + joined(map(code, release.prereleases)) + ".")
    return paragraph(joined(filter(None, told), " "))


def _beside(release: Release) -> Phrase:
    """As in ", of code and docs", where no commit touched anything that DVC knows."""
    touched = {touch for commit in release.commits for touch in commit.touches}
    if release.changes or release.problems or not touched <= _BESIDE:
        return Phrase()
    return (
        plain(", of ") + listed(plain(touch) for touch in Touch if touch in touched) if touched else Phrase()
    )


def _new(release: Release) -> Phrase:
    """What became of stages and of what is declared, where nothing else is new."""
    return headline.sentence(clauses) if (clauses := list(_declared(release))) else Phrase()


def _declared(release: Release) -> Iterator[Phrase]:
    """As in "stages `a` and `b` are new"."""
    stages: dict[ChangeType, list[Phrase]] = {}
    named: dict[ChangeType, list[Phrase]] = {}
    for change in release.changes:
        match change:
            case StageChange(change=ChangeType.RENAMED, old=Stage() as was, new=Stage() as now):
                yield plain("stage ") + code(was.address) + " is now " + code(now.address)
            case StageChange() if side := change.new or change.old:
                stages.setdefault(change.change, []).append(code(side.address))
            case ArtifactChange(old_address=old, new=new) if old and new:
                yield plain("artifact ") + code(old) + " was renamed to " + code(new.address)
            case ArtifactChange() if artifact := change.new or change.old:
                moved = change.change is ChangeType.RENAMED
                fate = ChangeType.MODIFIED if moved else change.change
                named.setdefault(fate, []).append(code(artifact.address))
    for one, fates in (("stage", stages), ("artifact", named)):
        for fate, who in fates.items():
            several = len(who) > 1
            yield plain(f"{one}s " if several else f"{one} ") + some(who) + f" {_FATES[fate][several]}"


def _version(given: Given, successor: Successor, room: int) -> str:
    told = [version.told(successor, given.release, given.names, room)]
    if room:
        told += version.forbidden(successor, given.release)
    return paragraph(joined(told, " "))


def _words(given: Given, quote: Quote, room: int) -> str:
    return given.setting.words(quote) if room else ""
