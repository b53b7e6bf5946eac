"""From where DVC fetches data and models, where a branch changes that. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dvc_changelog.domain import Rehomed, Remotes, Snapshot, within


def rehomed(old: Snapshot, new: Snapshot) -> tuple[Rehomed, ...]:
    """The remotes that are elsewhere, of projects that both sides have, what is fetched from first.

    One that no output names and that is not the default is used only by who names it. Of a new one like that
    nothing is said, nor of a default one that only has another name.
    """
    found: list[Rehomed] = []
    for root, before in old.remotes.items():
        now = new.remotes.get(root)
        if now and now != before:
            found += _of_project(root, before, now, _named(root, new))
    return tuple(sorted(found, key=lambda each: (not each.default, not each.used)))


def _of_project(root: str, old: Remotes, new: Remotes, named: set[str]) -> Iterator[Rehomed]:
    """`named` are those that outputs name."""
    was, now = old.places.get(old.default, ""), new.places.get(new.default, "")
    if was != now or bool(old.default) is not bool(new.default):
        yield Rehomed(root, new.default, now, old.default, was, default=True)
    for name, before in old.places.items():
        place = new.places.get(name, "")
        is_told = name in {old.default, new.default}
        if before != place and not is_told and (place or name in named):
            yield Rehomed(root, name if place else "", place, name, before, used=name in named)


def _named(root: str, snapshot: Snapshot) -> set[str]:
    outputs = snapshot.outputs.values()
    return {output.remote.lower() for output in outputs if output.remote and within(output.path, root)}
