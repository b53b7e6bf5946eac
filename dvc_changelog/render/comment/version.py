"""The version that a branch would become, and what of it asks for that."""

from __future__ import annotations

from collections.abc import Collection

from dvc_changelog.domain import Ask, Forbidden, Level, Release, Successor
from dvc_changelog.render import names
from dvc_changelog.render.comment.wording import marked, short
from dvc_changelog.render.phrase import Phrase, code, joined, plain, prose, strong
from dvc_changelog.versioning import sentences

_FEW = 2


def told(successor: Successor, release: Release, known: Collection[str], room: int) -> Phrase:
    """As in "This would be **1.2.0** (minor): model `router` was retrained: `data/raw` changed".

    `room` is how many reasons may be given.
    """
    if successor.why:
        unknown = plain("Which version this would become cannot be told")
        return _end(unknown + ": " + prose(successor.why)) if room else unknown + "."
    if not successor.tag:
        out = f" after {short(names.label(successor.current, release), room)}" if successor.current else ""
        return plain(f"This asks for no new version{out}.")
    version = strong(short(names.label(successor.tag, release), room))
    if not successor.current:  # there is nothing to be larger than
        return plain("This would be ") + version + ", the first release."
    lead = plain("This would be ") + version + f" ({successor.level.name.lower()})"
    if successor.level > release.bump.level:
        alone = release.bump.level.name.lower() if release.bump.level else "none"
        return lead + f", for what came before; these changes alone ask for {alone}."
    few = release.bump.because[: min(room, _FEW)]
    if not few:
        return lead + "."
    reasons = [_reason(ask, text, known) for ask, text in zip(few, sentences(few), strict=True)]
    if more := len(release.bump.because) - len(few):
        asking = "change asks" if more == 1 else "changes ask"
        reasons.append(plain(f"and {more:,} more {asking} for the same"))
    return lead + ": " + joined(reasons, "; ") + "."


def forbidden(successor: Successor, release: Release) -> list[Phrase]:
    """The rules that allow no such release as things are, or may not."""
    found = release.bump.forbids(successor.level) if successor.level > Level.NONE else ()
    return [_forbidden(by) for by in found]


def _forbidden(by: Forbidden) -> Phrase:
    rule = plain(f"{by.rule[:1].upper()}{by.rule[1:]}") + " of " + code("bump-rules")
    verb = " cannot be checked: " if by.unchecked else " allows no such release: "
    return _end(rule + verb + prose(by.why))


def _reason(ask: Ask, text: str, known: Collection[str]) -> Phrase:
    names_in = {ask.path} if ask.kind in {"commit", "note"} else {ask.name, ask.path}
    return marked(text, names_in, known)


def _end(phrase: Phrase) -> Phrase:
    return phrase if str(phrase).endswith((".", "!", "?")) else phrase + "."
