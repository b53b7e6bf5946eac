"""What became of models, and on what they were retrained, in the words of a headline."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterator, Sequence
from dataclasses import field, replace
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Cause, CauseKind, ChangeType, OutputChange, ParamChange, Release, Role, Value
from dvc_changelog.render import figures, names
from dvc_changelog.render.cells import named
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain

_FEW = 3
_FEW_PARAMS = 2
_FEW_REASONS = 2
_LONGEST = 24
_ORDER = (
    ChangeType.MODIFIED,
    ChangeType.ADDED,
    ChangeType.DELETED,
    ChangeType.RENAMED,
    ChangeType.UNKNOWN,
)
_TRAINED = "retrained"
_DATA = {CauseKind.DATA, CauseKind.IMPORT}
_LATE = "on an input that had changed before", "on inputs that had changed before"
_NO_CODE = frozenset(
    (
        *(".txt", ".json", ".xml", ".html", ".log", ".gz", ".zip", ".bin"),
        *(".yaml", ".yml", ".toml", ".ini", ".cfg", ".env", ".properties"),
        *(".md", ".rst", ".pdf", ".png", ".jpg", ".jpeg", ".svg"),
    )
)
"""Files of Git that a stage reads, and that are surely no code."""


@dataclass(frozen=True, slots=True)
class Group:
    """Models that share a fate, in one clause; `params` and `data` are those that it gives as causes.

    Of those that neither changed nor are back, `who` and `fate` may be told together with data.
    """

    clause: Phrase
    who: Phrase = field(default_factory=Phrase)
    fate: ChangeType = ChangeType.MODIFIED
    trained: bool = False
    params: frozenset[tuple[str, str]] = frozenset()
    data: frozenset[str] = frozenset()


class _Kind(NamedTuple):
    """What is told in one clause."""

    fate: ChangeType
    again: str
    did: str
    why: frozenset[tuple[CauseKind, str, str]]


def groups(changes: Sequence[OutputChange], release: Release, repointed: Container[str]) -> Iterator[Group]:
    """The models of a release by what became of them, and why.

    Args:
        changes: those of models.
        release: whose line may be that of one of them, which comes first then.
        repointed: artifacts that neither came nor went: their files did.
    """
    found = _by_kind(changes, release)
    if sum(kind.did == _TRAINED for kind in found) > _FEW_REASONS:
        found = _by_kind([replace(change, because=()) for change in changes], release)
    for (fate, back, what, _), members in found.items():
        who, several = _who(members, repointed), len(members) > 1
        if back:
            are = "are those" if several else "is that"
            yield Group(who + f" {are} of {names.label(back, release)} again")
        elif what and fate is ChangeType.UNKNOWN:
            yield Group(who + f" {'are' if several else 'is'} {what}")
        elif fate is not ChangeType.MODIFIED:
            yield Group(who + f" {verb(fate, several=several)}", who, fate)
        else:
            did = f" {'were' if several else 'was'} {what}"
            yield _trained(who + did, members, release) if what == _TRAINED else Group(who + did)


def _by_kind(changes: Sequence[OutputChange], release: Release) -> dict[_Kind, list[OutputChange]]:
    """The models that share a clause; that of the release's own line comes first."""
    found: dict[_Kind, list[OutputChange]] = {}
    for change in sorted(changes, key=lambda c: (_rank(c), not _is_own(c, release))):
        fate = change.content_change
        back = change.again if fate is ChangeType.MODIFIED else ""
        did = _did(change) if fate is ChangeType.MODIFIED or change.awaited else ""
        told = _telling(change.because) if did == _TRAINED and not back else ()
        why = frozenset((cause.kind, cause.path, cause.name) for cause in told)
        kind = _Kind(fate, back, did, why)
        found.setdefault(kind, []).append(change)
    return found


def _did(change: OutputChange) -> str:
    """What was done to a model that changed, or is to be done."""
    if change.awaited:
        return "to be written elsewhere" if change.goes_to else "to give way to another output"
    if change.taken_back:
        return "taken back"
    return _TRAINED if change.new and change.new.maker else "updated"  # was brought in, not made here


def _trained(told: Phrase, members: Sequence[OutputChange], release: Release) -> Group:
    telling = (by for cause in _telling(members[0].because) for by in _by_value(cause, release))
    causes = list({(c.kind, c.path, c.name): c for c in telling}.values())
    why = _reasons(causes, release)
    return Group(
        told + " " + why if why else told,
        trained=True,
        params=frozenset((cause.path, cause.name) for cause in causes if cause.kind is CauseKind.PARAM),
        data=frozenset(c.path.removesuffix(".dvc") for c in causes if c.kind in _DATA and not _is_late(c)),
    )


def _telling(causes: Sequence[Cause]) -> Iterator[Cause]:
    """The causes that are sure; that nothing changed is one only where there is no other."""
    for cause in causes:
        unsure = not cause.recorded or cause.kind is CauseKind.UNKNOWN
        if not unsure and (cause.kind is not CauseKind.NOTHING or len(causes) == 1):
            yield cause


def _by_value(cause: Cause, release: Release) -> Iterator[Cause]:
    """The params that changed in a file which a stage reads as a whole; any other cause as it is."""
    whole = cause.kind is CauseKind.FILE and not cause.path.endswith(".py")  # which is code too
    found = [
        replace(cause, kind=CauseKind.PARAM, name=c.name, change=c.value_change, old=c.old, new=c.new)
        for c in release.changes
        if whole and isinstance(c, ParamChange) and c.name and c.path == cause.path
    ]
    yield from found or [cause]


def _reasons(causes: Sequence[Cause], release: Release) -> Phrase:
    """As in "on new data, with other hyperparameters (`train.n_est` 50 → 100) and changed code"."""
    data = [cause for cause in causes if cause.kind in _DATA]
    others = list(_others(causes, release))
    told = plain(_data(data, release) if data else "")
    if not others:
        return told
    comma = ", " if len(others) > 1 else " and "
    return told + (comma if data else "") + "with " + listed(others)


def _others(causes: Sequence[Cause], release: Release) -> Iterator[str | Phrase]:
    """What but data made the difference."""
    params = [cause for cause in causes if cause.kind is CauseKind.PARAM]
    back = next((r.version for r in release.rollbacks if r.params), "")
    if params and back:
        yield f"the hyperparameters of {names.label(back, release)} again"
    elif params:
        yield "other hyperparameters" + _values(params)
    files = [code(cause.path) for cause in causes if cause.kind is CauseKind.FILE and not _is_code(cause)]
    if any(map(_is_code, causes)):
        yield "changed code"
    if files:
        yield "a changed " + files[0] if len(files) == 1 else "other files"
    if any(cause.kind is CauseKind.STAGE for cause in causes):
        yield "another pipeline"
    if any(cause.kind is CauseKind.PACKAGE for cause in causes):
        yield "other packages"
    if any(cause.kind is CauseKind.NOTHING for cause in causes):
        yield "the same inputs"


def _is_code(cause: Cause) -> bool:
    """Whether it is the command, or a file that may be code: so is a directory."""
    if cause.kind is CauseKind.FILE:
        return posixpath.splitext(cause.path.lower())[1] not in _NO_CODE
    return cause.kind is CauseKind.COMMAND


def _data(causes: Sequence[Cause], release: Release) -> str:
    """New data; other data, where only which of it is read changed; data that is back; or, if nothing else,
    what had changed before, which only now came to be read.
    """
    here = [cause for cause in causes if not _is_late(cause)]
    if not here:
        return _LATE[len(causes) > 1]
    causes = here
    outputs = [c for c in release.changes if isinstance(c, OutputChange) and c.again]
    again = {c.path: c.again for c in outputs}
    again |= {c.new.file: c.again for c in outputs if c.new and c.new.role is Role.SOURCE}  # as imports are
    versions = {again.get(cause.path, "") for cause in causes}
    if len(versions) == 1 and (version := versions.pop()):
        return f"on the data of {names.label(version, release)} again"
    new = any(cause.change is ChangeType.MODIFIED for cause in causes)
    return "on new data" if new else "on other data"


def _is_late(cause: Cause) -> bool:
    """Whether it names the stage that had made an input before."""
    return cause.kind is CauseKind.DATA and bool(cause.name)


def _values(causes: Sequence[Cause]) -> Phrase:
    """Up to two values that changed; else none is named."""
    if len(causes) > _FEW_PARAMS:
        return Phrase()
    steps = [
        named(cause.path, cause.name) + f" {figures.value(cause.old)} → {figures.value(cause.new)}"
        for cause in causes
        if cause.change is ChangeType.MODIFIED and short(cause.old) and short(cause.new)
    ]
    if len(steps) < len(causes):
        return Phrase()
    return plain(" (") + joined(steps) + ")"


def verb(fate: ChangeType, *, several: bool) -> str:
    """What became of something."""
    was = "were" if several else "was"
    match fate:
        case ChangeType.ADDED:
            return f"{was} added"
        case ChangeType.DELETED:
            return f"{was} removed"
        case ChangeType.RENAMED:
            return f"{was} renamed"
        case ChangeType.UNKNOWN:
            return "may have changed"
        case ChangeType.MODIFIED:
            return "changed"


def short(value: Value) -> bool:
    """Whether a value can stand in a sentence."""
    return not isinstance(value, list | dict) and len(figures.value(value)) <= _LONGEST


def _who(members: Sequence[OutputChange], repointed: Container[str]) -> Phrase:
    called = [_name(change, repointed) for change in members]
    return listed(called) if len(called) <= _FEW else plain(f"{len(called):,} models")


def _name(change: OutputChange, repointed: Container[str]) -> Phrase:
    output = change.new or change.old
    artifact = output.artifact if output else None
    by_path = not artifact or (artifact.name in repointed and not (change.old and change.new))
    if by_path or not artifact:
        return code(change.path)
    return code(artifact.address)


def _rank(change: OutputChange) -> int:
    return _ORDER.index(change.content_change)


def _is_own(change: OutputChange, release: Release) -> bool:
    """Whether it is of the artifact whose release this is."""
    output = change.new or change.old
    return bool(release.line and output and output.artifact and output.artifact.address == release.line)
