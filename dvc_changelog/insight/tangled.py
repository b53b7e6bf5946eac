"""What of a pipeline DVC refuses, though each file of it can be read: outputs that collide, cycles. Pure.

Source of what it refuses: dvc 3.67, `dvc/repo/trie.py` (`build_outs_trie`) and `dvc/repo/graph.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from dvc_changelog.domain import Role, Snapshot, Stage, holders, within


def tangled(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Each file at fault, and why DVC refuses it; what two projects share is no matter of either."""
    for root in snapshot.projects or ("",):
        nested = [other for other in snapshot.projects if other != root and within(other, root)]
        yield from _in_project(snapshot, root, nested)


def _in_project(snapshot: Snapshot, root: str, nested: list[str]) -> Iterator[tuple[str, str]]:
    def is_in(path: str) -> bool:
        return within(path, root) and not any(within(path, other) for other in nested)

    stages = [stage for stage in snapshot.stages.values() if is_in(stage.path)]
    owners: dict[str, tuple[str, str]] = {
        output.path: (output.file, output.file)
        for output in snapshot.outputs.values()
        if output.role is Role.SOURCE and output.file.endswith(".dvc") and is_in(output.file)
    }
    collided = False
    for stage in stages:
        for path in _written(stage):
            if path in owners and owners[path][0] != stage.address:  # before 1.0 a stage is a .dvc file
                collided = True
                other = owners[path][1]
                yield stage.path, f"DVC refuses it: {other} and {stage.address} both write {path}"
            owners[path] = (stage.path, stage.address)
    below: dict[str, list[str]] = {"": list(owners)}
    for path, (file, who) in owners.items():
        for above in list(holders(path))[1:]:
            below.setdefault(above, []).append(path)
            if above in owners:
                collided = True
                yield file, f"DVC refuses it: {path} of {who} lies in {above} of {owners[above][1]}"
    if not collided:
        yield from _cycle(stages, owners, below)


def _cycle(
    stages: list[Stage], owners: dict[str, tuple[str, str]], below: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    graph: dict[str, set[str]] = {}
    for stage in stages:
        read = (path for dep in stage.deps for path in (*holders(dep), *below.get(dep, ())))
        graph[stage.address] = {owners[path][1] for path in read if path in owners}
    files = {stage.address: stage.path for stage in stages}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        *names, last = sorted(set(error.args[1]))
        who = f"{', '.join(names)} and {last} wait for each other" if names else f"{last} waits for itself"
        yield files[last], f"DVC refuses it: {who}"


def _written(stage: Stage) -> dict[str, None]:
    return dict.fromkeys((*stage.outs, *stage.metrics, *stage.plots))
