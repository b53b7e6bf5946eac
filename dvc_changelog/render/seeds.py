"""The random seeds of a release, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, MetricChange, OutputChange, Release, Seed, same
from dvc_changelog.render import figures
from dvc_changelog.render.cells import named, value
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain
from dvc_changelog.render.shapes import Line

_FEW = 3


def lines(release: Release) -> Iterator[Line]:
    """The random seeds, changed or not; or that there is none, where a model came of it.

    That they are unchanged is worth a line only where something else came of the same seeds.
    """
    seeds = release.seeds
    came = any(isinstance(change, OutputChange | MetricChange) for change in release.changes)
    if seeds is None or (release.base and not came and not any(seed.change for seed in seeds)):
        return
    if not seeds:
        if any(isinstance(change, OutputChange) and change.model for change in release.changes):
            yield Line(plain("No random seed among the params"))
        return
    first = not release.base
    full = release.several or len({seed.path for seed in seeds}) > 1
    groups: dict[str, list[Seed]] = {}
    for seed in seeds:
        groups.setdefault(repr(_alike(seed)), []).append(seed)
    if len(groups) > _FEW:
        yield _counted(seeds, first=first)
        return
    told = (_who(members, full=full) + _fate(members[0], first=first) for members in groups.values())
    yield Line(plain(f"Random seed{'' if len(seeds) == 1 else 's'}: ") + joined(told, "; "))


def _counted(seeds: Sequence[Seed], *, first: bool) -> Line:
    """Many seeds with many values: how many, and below it those that are not as they were."""
    moved = [seed for seed in seeds if seed.change]
    fate = "" if first else f", {len(moved):,} of them not as before" if moved else ", unchanged"
    below = tuple(_who([seed], full=True) + _fate(seed, first=first) for seed in moved)
    return Line(plain(f"Random seeds: {figures.count(len(seeds), 'param')}{fate}"), below)


def _who(seeds: Sequence[Seed], *, full: bool) -> Phrase:
    if len(seeds) > _FEW:
        return plain(figures.count(len(seeds), "param"))
    return listed(code(seed.name) + (plain(" in ") + code(seed.path) if full else "") for seed in seeds)


def _fate(seed: Seed, *, first: bool) -> Phrase:
    match seed.change:
        case None:
            return " = " + value(seed.new) + ", unchanged"
        case ChangeType.MODIFIED:
            return ": " + value(seed.old) + " → " + value(seed.new)
        case ChangeType.DELETED:
            return plain(" no longer used" if seed.declared else " removed")
        case ChangeType.RENAMED:
            value_ = " = " + value(seed.new)
            if not same(seed.old, seed.new):
                value_ = ": " + value(seed.old) + " → " + value(seed.new)
            return value_ + _moved(seed)
        case ChangeType.ADDED if not first:
            return " = " + value(seed.new) + (", used now" if seed.declared else ", new")
        case _:
            return " = " + value(seed.new)


def _alike(seed: Seed) -> tuple[object, ...]:
    return seed.change, seed.declared, seed.old, seed.new, seed.old_path, _was(seed)


def _was(seed: Seed) -> str:
    """The name that it had before, where it had another one."""
    return seed.old_name if seed.old_name != seed.name else ""


def _moved(seed: Seed) -> Phrase:
    """As in ", moved from `params.yaml`" or ", was `train.seed`"."""
    if not _was(seed):
        return plain(", moved from ") + code(seed.old_path)
    return plain(", was ") + named(seed.old_path, seed.old_name, full=seed.old_path != seed.path)
