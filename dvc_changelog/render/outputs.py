"""Lines about models, data sets and deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, Content, Deployment, Output, OutputChange, Release, Role
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, code, plain, strong
from dvc_changelog.render.shapes import Line

_CROWD = 6
"""A stage group (foreach, matrix) with this many outputs of one fate is told in one line."""


def lines(changes: Sequence[OutputChange], release: Release) -> Iterator[Line]:
    """One line an output; the many outputs of a foreach or matrix stage in one."""
    crowds: dict[tuple[ChangeType, str], list[OutputChange]] = {}
    for change in changes:
        crowds.setdefault((change.change, _group(change)), []).append(change)
    told: set[tuple[ChangeType, str]] = set()
    for change in changes:
        key = (change.change, _group(change))
        if not key[1] or len(crowds[key]) < _CROWD:
            yield Line(_line(change, first=release.base is None))
        elif key not in told:
            told.add(key)
            yield _crowd(key[1], crowds[key])


def deployment(event: Deployment) -> Phrase:
    """A model that was brought to, or taken from, a place."""
    what = " taken from " if event.cancelled else " deployed to "
    return strong(event.artifact) + what + code(event.target) + f" ({figures.date(event.timestamp)})"


def _line(change: OutputChange, *, first: bool) -> Phrase:
    return _name(change) + _fate(change, first=first)


def _name(change: OutputChange) -> Phrase:
    output = change.new or change.old
    if output and output.artifact:
        return strong(output.artifact.name) + " (" + code(change.path) + ")"
    return code(change.path)


def _fate(change: OutputChange, *, first: bool) -> Phrase:
    old, new = change.old, change.new
    match change.change:
        case ChangeType.ADDED if new:
            verb = (plain(": ") if first and new.role is Role.SOURCE else plain(" added")) if not new.stage else plain("")
            made = plain(" made by ") + code(_stage(new)) if new.stage else verb
            return _comma(made, _measure(new.content), code(figures.digest(new.content.digest)))
        case ChangeType.DELETED if old:
            return _comma(plain(" removed"), _measure(old.content), plain("was ") + code(figures.digest(old.content.digest)))
        case ChangeType.RENAMED if new:
            return _comma(plain(" renamed from ") + code(change.old_path), plain("same content"))
        case _ if old and new:
            return _modified(change, old, new)
        case _:
            return plain("")


def _modified(change: OutputChange, old: Output, new: Output) -> Phrase:
    if change.change is ChangeType.UNKNOWN:
        verb = plain(f" may have changed: identified by {old.content.algorithm} before, by {new.content.algorithm} now")
        return _comma(verb, plain(_size_step(old.content, new.content)))
    verb = plain(" updated")
    if new.stage:
        verb = plain(" retrained by " if change.model else " rebuilt by ") + code(_stage(new))
    return _comma(
        verb,
        plain(_files_step(old.content, new.content)),
        plain(_size_step(old.content, new.content)),
        code(figures.digest(old.content.digest)) + " → " + code(figures.digest(new.content.digest)),
    )


def _crowd(group: str, changes: Sequence[OutputChange]) -> Line:
    """ "`fetch@…`: 2,040 outputs rebuilt, 3.2 GB → 3.4 GB"."""
    verb = {
        ChangeType.ADDED: "added",
        ChangeType.DELETED: "removed",
        ChangeType.MODIFIED: "rebuilt",
        ChangeType.RENAMED: "renamed",
    }.get(changes[0].change, "changed")
    old = _total([change.old for change in changes])
    new = _total([change.new for change in changes])
    sizes = figures.sizes(old, new) if old and new else figures.size(new or old)
    text = _comma(code(group) + f": {figures.count(len(changes), 'output')} {verb}", plain(sizes))
    return Line(text, weight=len(changes))


def _group(change: OutputChange) -> str:
    """The foreach or matrix stage that an output belongs to, "" if none."""
    output = change.new or change.old
    stage = output.stage if output else ""
    return stage.split("@")[0] + "@…" if "@" in stage else ""


def _stage(output: Output) -> str:
    return output.stage


def _measure(content: Content) -> Phrase:
    files = figures.count(content.nfiles, "file") if content.nfiles is not None else ""
    return plain(", ".join(part for part in (files, figures.size(content.size)) if part))


def _files_step(old: Content, new: Content) -> str:
    if old.nfiles is None or new.nfiles is None:
        return figures.count(new.nfiles, "file") if new.nfiles is not None else ""
    if old.nfiles == new.nfiles:
        return f"still {figures.count(new.nfiles, 'file')}"
    return f"{old.nfiles:,} → {figures.count(new.nfiles, 'file')}"


def _size_step(old: Content, new: Content) -> str:
    return figures.sizes(old.size, new.size) if old.size is not None and new.size is not None else ""


def _total(outputs: Sequence[Output | None]) -> int:
    return sum(output.content.size or 0 for output in outputs if output)


def _comma(first: Phrase, *rest: Phrase) -> Phrase:
    """Phrases with commas between them, empty ones left out; nothing before the first if it is empty."""
    result = first
    for n, phrase in enumerate(p for p in rest if p):
        separator = ", " if str(result).strip(": ") else ("" if n else " ")
        result = result + (separator if not str(result).endswith(": ") else "") + phrase
    return result
