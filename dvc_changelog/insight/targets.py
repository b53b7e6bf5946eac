"""What a person may mean by a name: an output, an artifact, a metric or a param of a snapshot. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from dvc_changelog.domain import Snapshot, Subject, Traced, ValueFile, within

_ALIKE = 0.6
_MOST = 8


def meant(target: str, snapshot: Snapshot, here: str = "") -> list[Subject]:
    """The things that a target names: one as a rule, none, or several between which nothing decides.

    Args:
        target: a path, the name of an artifact, that of a metric or param, perhaps after FILE and a colon.
        snapshot: where to look.
        here: the directory in which the person stands, from the Git root: paths may be seen from there, and
            of several files that have a name those below it come first.
    """
    for found in (
        _outputs(target, snapshot, here),
        _artifacts(target, snapshot),
        _values(target, snapshot, here),
    ):
        subjects = list({subject.target: subject for subject in reversed(list(found))}.values())[::-1]
        if subjects:
            near = [subject for subject in subjects if here and within(subject.path, here)]
            return near if len(near) == 1 else subjects
    return []


def below(target: str, snapshot: Snapshot, here: str = "") -> list[Subject]:
    """The values of a file or section, and the outputs of a directory, that a target names as a whole."""
    paths = set(_seen(target, here))
    file, _, section = target.rpartition(":")
    files = set(_seen(file, here)) if file else set()
    found = [
        subject
        for subject in every(snapshot)
        if subject.kind is not Traced.OUTPUT
        and (
            subject.path in paths
            or subject.name.startswith(f"{target}.")
            or (subject.path in files and subject.name.startswith(f"{section}."))
        )
    ]
    return found or [
        subject
        for subject in every(snapshot)
        if subject.kind is Traced.OUTPUT and any(within(subject.path, path) for path in paths)
    ]


def every(snapshot: Snapshot) -> Iterator[Subject]:
    """All that can be traced: outputs by path, metrics and params by file and name."""
    for path in snapshot.outputs:
        yield Subject(Traced.OUTPUT, path)
    yield from _all_values(Traced.METRIC, snapshot.metrics)
    yield from _all_values(Traced.PARAM, snapshot.params)


def near(target: str, snapshots: Iterable[Snapshot]) -> list[str]:
    """Targets with similar names, the nearest first."""
    short: dict[str, str] = {}
    for snapshot in snapshots:
        short.update((artifact.address, artifact.address) for artifact in snapshot.artifacts.values())
        for subject in every(snapshot):
            short[subject.target] = subject.name or subject.target
            short.setdefault(subject.name or subject.target, subject.name or subject.target)
    last = {name.rpartition(".")[2]: name for name in short.values() if "." in name and "/" not in name}
    found = get_close_matches(target, [*short, *last], n=_MOST, cutoff=_ALIKE)
    return list(dict.fromkeys(short.get(name) or last[name] for name in found))


def holder(target: str, snapshot: Snapshot, here: str = "") -> str:
    """The directory that DVC tracks as a whole and in which a path lies; "" if there is none."""
    return next(
        (output for output in snapshot.outputs for path in _seen(target, here) if within(path, output)), ""
    )


def is_path(target: str, path: str, here: str = "") -> bool:
    """Whether a target, seen from here or from the Git root, is a path."""
    return path in _seen(target, here)


def _seen(path: str, here: str) -> tuple[str, ...]:
    """A path as seen from here, and from the Git root."""
    return tuple(
        dict.fromkeys(posixpath.normpath(posixpath.join(place, path)) for place in (here, "") if path)
    )


def _outputs(target: str, snapshot: Snapshot, here: str) -> Iterator[Subject]:
    """An output by its path, or by that of the `.dvc` file that records it alone."""
    for path in _seen(target, here):
        if path in snapshot.outputs or path in snapshot.unrecorded:
            yield Subject(Traced.OUTPUT, path)
            return
        if path.endswith(".dvc"):
            recorded = [output.path for output in snapshot.outputs.values() if output.file == path]
            if recorded:
                yield from (Subject(Traced.OUTPUT, output) for output in recorded)
                return


def _artifacts(target: str, snapshot: Snapshot) -> Iterator[Subject]:
    """Artifacts of this address; else of this name in whatever directory."""
    declared = [a for a in snapshot.artifacts.values() if a.path in snapshot.outputs]
    exact = [artifact for artifact in declared if artifact.address == target]
    for artifact in exact or [artifact for artifact in declared if artifact.name == target]:
        yield Subject(Traced.OUTPUT, artifact.path, artifact=artifact.address)


def _values(target: str, snapshot: Snapshot, here: str) -> Iterator[Subject]:
    """Metrics and params of this name, or of this name in this file; a file that is one value."""
    for kind, files in ((Traced.METRIC, snapshot.metrics), (Traced.PARAM, snapshot.params)):
        for path, file in files.items():
            if target in (file.values or ()) and target:
                yield Subject(kind, path, target)
            if "" in (file.values or ()) and path in _seen(target, here):
                yield Subject(kind, path)
            for place in _seen_before_colon(target, here):
                name = target[place[1] :]
                if place[0] == path and (file.values is None or name in file.values):
                    yield Subject(kind, path, name)


def _seen_before_colon(target: str, here: str) -> Iterator[tuple[str, int]]:
    """What may be a file, and where the name after it begins: both may have colons."""
    for at, char in enumerate(target):
        if char == ":":
            for path in _seen(target[:at], here):
                yield path, at + 1


def _all_values(kind: Traced, files: Mapping[str, ValueFile]) -> Iterator[Subject]:
    for path, file in files.items():
        yield from (Subject(kind, path, name) for name in file.values or ())
