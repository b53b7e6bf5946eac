"""The top of a comment: the verdict, what happened, and which version that would become."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dvc_changelog.domain import Successor
from dvc_changelog.render import experiments, headline, names, quotes
from dvc_changelog.render.blocks import IN_JSON
from dvc_changelog.render.comment import verdict, version
from dvc_changelog.render.comment.given import Given
from dvc_changelog.render.comment.parts import Part, Weight, Write
from dvc_changelog.render.comment.wording import paragraph
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line, Quote


def parts(given: Given) -> Iterator[Part]:
    """What is read first."""
    yield Part(Weight.VERDICT, _verdict(given))
    yield Part(Weight.SUMMARY, partial(_summary, given), "what happened in a sentence")
    if given.review.successor:
        yield Part(Weight.VERSION, partial(_version, given, given.review.successor))
    for quote in quotes.quoted(given.release.notes, given.release.head.version or ""):
        yield Part(Weight.WHY, partial(_words, given, quote), "the message of a tag")


def _verdict(given: Given) -> Write:
    found = verdict.things(given.review, given.release, {*given.names, given.review.target})
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
        size = plain(f"{headline.size(release)}.")
        told = [headline.lead(release), headline.happened(release), size, *headline.apart(release, previous)]
    told += experiments.sentences(release)
    if release.aliases:
        told.append("Also tagged " + joined(map(code, release.aliases)) + ".")
    if release.prereleases:
        told.append("Includes the prereleases " + joined(map(code, release.prereleases)) + ".")
    return paragraph(joined(filter(None, told), " "))


def _version(given: Given, successor: Successor, room: int) -> str:
    told = [version.told(successor, given.release, given.names, room)]
    if room:
        told += version.forbidden(successor, given.release)
    return paragraph(joined(told, " "))


def _words(given: Given, quote: Quote, room: int) -> str:
    return given.setting.words(quote) if room else ""
