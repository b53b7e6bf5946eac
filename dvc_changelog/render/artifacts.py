"""Lines about the declarations of artifacts: what a name stands for, apart from how its data changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dvc_changelog.domain import Artifact, ArtifactChange, ChangeType, OutputChange
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line


def lines(changes: Sequence[ArtifactChange], outputs: Sequence[OutputChange]) -> Iterator[Line]:
    """One line an artifact that `untold` leaves."""
    return (_line(change) for change in untold(changes, outputs))


def untold(changes: Sequence[ArtifactChange], outputs: Sequence[OutputChange]) -> Iterator[ArtifactChange]:
    """The changes of which the line of an output does not say all already: it came, went or moved.

    Of declarations that came, or went, all are named or none.
    """
    told: set[tuple[Artifact | None, Artifact | None]] = set()
    for output in outputs:
        old = output.old.artifact if output.old else None
        new = output.new.artifact if output.new else None
        if output.change is ChangeType.RENAMED and old and new:
            told.add((old, replace(old, path=new.path)))
        elif output.change in {ChangeType.ADDED, ChangeType.DELETED}:
            told.add((old, new))
    left = [change for change in changes if (change.old, change.new) not in told]
    fates = {change.change for change in left} & {ChangeType.ADDED, ChangeType.DELETED}
    return (change for change in changes if change.change in fates or change in left)


def _line(change: ArtifactChange) -> Line:
    old, new = change.old, change.new
    if old and new:
        if old.name != new.name:
            head = plain("Artifact ") + code(old.address) + " was renamed to " + code(new.address)
            return Line(head, tuple(_details(old, new)))
        head = plain("Artifact ") + code(new.address)
        details = tuple(_details(old, new)) or (plain("may have changed"),)
        return Line(head + " " + details[0]) if len(details) == 1 else Line(head + " was redeclared", details)
    artifact = new or old
    assert artifact is not None, "a change has at least one side"
    what = code(artifact.address) + _contents(artifact)
    return Line((plain("Declared artifact ") if new else plain("No longer declared: artifact ")) + what)


def _contents(artifact: Artifact) -> Phrase:
    told = [phrase for phrase in (code(artifact.path), plain(artifact.type)) if phrase]
    return " (" + joined(told) + ")" if told else plain("")


def _details(old: Artifact, new: Artifact) -> Iterator[Phrase]:
    if old.file != new.file:
        yield plain("is now declared in ") + code(new.file) + ", was in " + code(old.file)
    if old.path != new.path:
        yield _step("now points to ", "no longer points to ", code(old.path), code(new.path))
    if old.type != new.type:
        yield _step("is now of type ", "is no longer of type ", plain(old.type), plain(new.type))
    if added := [code(label) for label in dict.fromkeys(new.labels) if label not in old.labels]:
        yield plain(f"now has the {_labels(len(added))} ") + joined(added)
    if removed := [code(label) for label in dict.fromkeys(old.labels) if label not in new.labels]:
        yield plain(f"no longer has the {_labels(len(removed))} ") + joined(removed)
    if old.desc != new.desc:
        yield plain("has another description")


def _step(now: str, no_longer: str, old: Phrase, new: Phrase) -> Phrase:
    """As in "now points to `b.pkl`, was `a.pkl`"; either side may be empty."""
    if not new:
        return plain(no_longer) + old
    return plain(now) + new + (plain(", was ") + old if old else "")


def _labels(number: int) -> str:
    return "label" if number == 1 else "labels"
