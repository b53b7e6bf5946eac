"""Artifacts by name: which there are, which one is meant, and where the changelog of each lies."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches

from dvc_changelog.domain import LifecycleEvent
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History, Selection

PLACE = "{artifact}"
"""Stands in the path of a changelog for the artifact's name."""

_SHOWN = 10
_HOW = "A release of an artifact is a tag such as {name}@v1.0.0 (GTO) or {name}-v1.0.0."


def path_of(output: str, artifact: str) -> str:
    """The path of an artifact's changelog: the directory of `dir:name` becomes one of the path."""
    return output.replace(PLACE, artifact.replace(":", "/"))


def changelogs(output: str, artifacts: Iterable[str]) -> frozenset[str]:
    """The files that the option `output` names, normal relative to the root: one, or one an artifact."""
    return frozenset(posixpath.normpath(path_of(output, name)) for name in ("", *artifacts))


def known(history: History) -> set[str]:
    """Every artifact of which some tag speaks."""
    return {tag.name.line for tag in history.all_tags if tag.name.line and (tag.name.gto or tag.name.number)}


def released(history: History, selection: Selection, declared: Collection[str]) -> set[str]:
    """The artifacts that have releases: `name@v1.0.0`, or another tag of a name that is declared."""
    return {
        tag.name.line
        for tag in history.release_tags()
        if tag.name.line and selection.takes(tag.name) and (tag.name.number or tag.name.line in declared)
    }


def withdrawn(history: History, selection: Selection) -> set[str]:
    """The artifacts of which every version was cancelled."""
    lines = {event.artifact for event in history.lifecycle() if event.event is LifecycleEvent.CANCELLED}
    left = {tag.name.line for tag in history.release_tags()}
    return {line for line in lines - left if selection.wants(line)}


def remark_on(cancelled: Collection[str]) -> tuple[str, ...]:
    """That artifacts have no changelog of their own, since all that was registered of them was cancelled."""
    if not cancelled:
        return ()
    names = sorted(cancelled)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    of = f"{', '.join(names[:_SHOWN])}{more}"
    return (f"What was registered of {of} was cancelled since: there is no changelog of it.",)


def apart(artifacts: Collection[str]) -> None:
    """Refuse names whose changelogs would be one file: `a:b` and `a/b`; and none at all.

    Raises:
        UsageError: there are such, or there is none.
    """
    if not artifacts:
        raise UsageError("No artifact has a release here", _HOW.format(name="NAME"))
    taken: dict[str, str] = {}
    for name in artifacts:
        path = path_of(PLACE, name)
        if path in taken:
            raise UsageError(
                f"The artifacts {taken[path]} and {name} would share the path {path}",
                "Write them one by one, with --artifact and --output.",
            )
        taken[path] = name


def resolved(name: str, history: History, selection: Selection, expected: Callable[[], Iterable[str]]) -> str:
    """The full name of the artifact asked for: the directory before the colon may be left out.

    Args:
        name: as it was asked for.
        history: the repository.
        selection: which tags are releases.
        expected: further names that are right though they have no release.

    Raises:
        UsageError: there is no such artifact, or several.
    """
    lines = {tag.name.line for tag in history.release_tags() if tag.name.line and selection.takes(tag.name)}
    here: set[str] = set()
    for names in (lines, None):
        here = set(expected()) if names is None else names
        found = [name] if name in here else sorted(each for each in here if each.rpartition(":")[2] == name)
        if len(found) > 1:
            raise UsageError(
                f"The artifact {name} may be any of {', '.join(found)}", "Name it with its directory."
            )
        if found:
            return found[0]
    remedy = _remedy(name, history, lines, here)
    raise UsageError(f"There is no release of the artifact {name}", remedy)


def _remedy(name: str, history: History, lines: Collection[str], declared: Collection[str]) -> str:
    """`lines` have releases; `declared` are artifacts that may have one."""
    if name in withdrawn(history, Selection()):
        return "What was registered of it was cancelled since (`gto history` tells when)."
    if not lines and not declared:
        return _HOW.format(name=name)
    what = "There are releases of" if lines else "dvc.yaml declares"
    lines = lines or declared
    short = {each.rpartition(":")[2]: each for each in sorted(lines, reverse=True)}
    near = [short.get(each, each) for each in get_close_matches(name, {*lines, *short}, n=3, cutoff=0.6)]
    if near:
        return f"Did you mean {' or '.join(dict.fromkeys(near))}?"
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"{what} {', '.join(sorted(lines)[:_SHOWN])}{more}. {_HOW.format(name=name)}"
