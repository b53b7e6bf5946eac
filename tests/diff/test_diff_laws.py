"""What holds for the comparison of any two snapshots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.diff import ItemChanges, diff, item_changes
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Change,
    ChangeType,
    Content,
    FileChanged,
    Import,
    ImportChange,
    MetricChange,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Plot,
    PlotChange,
    PlotDefinitionChange,
    PlotFile,
    Problem,
    RemoteChange,
    Role,
    Snapshot,
    Stage,
    StageChange,
    ValueFile,
    same,
)

paths = st.sampled_from(["a", "b", "d/a", "d/b", "e/a", "c"])
names = st.sampled_from(["x", "y", "s.x", "s.y", "t.x", "t.y", "s.u.x", "t.u.x", "s.u.y", "t.u.y"])
scalars = st.sampled_from([0, 1, 2, 1.0, True, None, "a", "1", float("nan")])
values = scalars | st.lists(scalars, max_size=2)
# Few values of each field: one choice among all their combinations is a fraction of the time of one a field.
contents = st.sampled_from(
    list(product(["md5", "md5", "etag"], ["1", "2", "3.dir"], [*[None] * 4, 0, 1, 2, 3], [False, True]))
).map(lambda t: Content(t[0], t[1], t[2], legacy=t[3]))
readable = st.dictionaries(names, values, max_size=5)
value_files = readable | st.none()
problems = st.builds(
    Problem,
    path=paths | st.sampled_from(["dvc.yaml", "d/dvc.yaml", "a.yaml"]),
    reason=st.just("broken"),
    revision=st.just("v1"),
    partly=st.booleans(),
)
few = st.sampled_from([(), (), ("p",), ("q",), ("p", "q"), ("q", "p")])
coins = st.booleans()
places, some_places = st.sets(paths), st.sets(paths, max_size=4)
maybe_contents = st.none() | contents
value_entries = st.tuples(value_files, maybe_contents)
output_entries = st.sampled_from(list(product(["", "s"], [False, True], ["", "", "r", None])))
stage_entries = st.sampled_from(["", "run", "go"])
artifact_entries = st.tuples(st.sampled_from("xy"), paths, few)
import_entries = st.tuples(st.sampled_from("12"), maybe_contents)
package_files = st.dictionaries(
    paths, st.dictionaries(st.sampled_from(["numpy", "torch"]), st.sampled_from(["", "1", "2"])), max_size=3
)
other_files = st.dictionaries(paths, st.sampled_from("12"), max_size=4)
some_problems = st.lists(problems, max_size=2)
project_lists = st.sampled_from([("",), ("", "d"), ("d", "e")])


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A snapshot over few names and values, so that two of them meet often."""

    def files() -> dict[str, ValueFile]:
        return {path: ValueFile(path, *draw(value_entries)) for path in draw(places)}

    def output(path: str) -> Output:
        stage, model, remote = draw(output_entries)
        return Output(path, draw(contents), Role.SOURCE, stage, model=model, remote=remote)

    def artifact(path: str) -> Artifact:
        name, at, labels = draw(artifact_entries)
        return Artifact(name, at, f"{path}.yaml", labels=labels)

    def source(path: str) -> Import:
        rev_lock, content = draw(import_entries)
        return Import(path, "repo", "url", rev_lock=rev_lock, content=content)

    stages = [
        Stage("dvc.yaml", p, draw(stage_entries), deps=draw(few), outs=draw(few)) for p in draw(some_places)
    ]
    artifacts = [artifact(path) for path in draw(some_places)]
    return Snapshot(
        outputs={path: output(path) for path in draw(places)},
        params=files(),
        metrics=files(),
        stages={stage.address: stage for stage in stages},
        imports={path: source(path) for path in draw(places)},
        artifacts={f"{a.file}:{a.name}": a for a in artifacts},
        plots={p: PlotFile(p, draw(contents), draw(few)) for p in draw(places)},
        plot_definitions={
            f"dvc.yaml:{p}": Plot(p, "dvc.yaml", draw(few), of_stage=draw(coins)) for p in draw(places)
        },
        packages=draw(package_files),
        files=draw(other_files),
    )


@st.composite
def in_part(draw: st.DrawFn) -> Snapshot:
    """A snapshot of which some files cannot be read."""
    return replace(
        draw(snapshots()),
        problems=tuple(draw(some_problems)),
        projects=draw(project_lists),
    )


SWAPPED = {ChangeType.ADDED: ChangeType.DELETED, ChangeType.DELETED: ChangeType.ADDED}


def mirrored(change: Change) -> Change:  # noqa: C901  # one case a kind
    """The change as the way back tells it."""
    kind = SWAPPED.get(change.change, change.change)
    old_path = change.path if change.change is ChangeType.RENAMED else ""
    other_side = {"before": "now", "now": "before"}
    match change:
        case ParamChange() as c:
            path, name = (c.old_path, c.old_name) if old_path else (c.path, c.name)
            old_name = c.name if old_path else ""
            return replace(
                c, change=kind, path=path, name=name, old=c.new, new=c.old, old_path=old_path,
                old_name=old_name, stages=(), old_content=c.new_content, new_content=c.old_content,
                unread=other_side.get(c.unread, c.unread),
            )  # fmt: skip
        case MetricChange() as c:
            delta = None if c.delta is None else -c.delta
            return replace(
                c, change=kind, path=c.old_path or c.path, old=c.new, new=c.old, delta=delta,
                old_content=c.new_content, new_content=c.old_content, old_path=old_path,
                unread=other_side.get(c.unread, c.unread),
            )  # fmt: skip
        case StageChange() as c:
            stage = c.old if c.change is ChangeType.RENAMED else c.old or c.new
            assert stage is not None
            return StageChange(kind, stage.path, stage.name, c.new, c.old)
        case ArtifactChange() as c:
            artifact = c.old or c.new
            assert artifact is not None
            return ArtifactChange(kind, artifact.file, artifact.name, c.new, c.old)
        case OutputChange() as c:
            return OutputChange(kind, c.old_path or c.path, c.new, c.old, old_path)
        case PlotChange() as c:
            return PlotChange(kind, c.old_path or c.path, c.new, c.old, old_path=old_path)
        case PlotDefinitionChange() as c:
            return PlotDefinitionChange(kind, c.path, c.name, c.new, c.old)
        case ImportChange() as c:
            source = c.old or c.new
            assert source is not None
            return ImportChange(kind, source.path, c.new, c.old)
        case PackageChange() as c:
            return PackageChange(kind, c.old_path or c.path, c.name, c.new, c.old, old_path)
        case RemoteChange() as c:
            return replace(c, change=kind, old=c.new, new=c.old)
        case FileChanged() as c:
            return FileChanged(kind, c.old_path or c.path, c.new, c.old, old_path)


def told(changes: Iterable[Change]) -> Counter[str]:
    """The changes without regard to order; as text, in which NaN equals itself."""
    return Counter(repr(replace(c, stages=()) if isinstance(c, ParamChange) else c) for c in changes)


def rebuilt(snapshot: Snapshot) -> Snapshot:
    """An equal snapshot of which no mapping is the same object, nor in the same order; values keep theirs."""

    def files(some: Iterable[ValueFile]) -> dict[str, ValueFile]:
        return {
            f.path: replace(f, values=None if f.values is None else dict(f.values))
            for f in reversed(list(some))
        }

    return replace(
        snapshot,
        outputs={path: replace(output) for path, output in reversed(list(snapshot.outputs.items()))},
        params=files(snapshot.params.values()),
        metrics=files(snapshot.metrics.values()),
        stages={name: replace(stage) for name, stage in reversed(list(snapshot.stages.items()))},
        imports={path: replace(source) for path, source in reversed(list(snapshot.imports.items()))},
        artifacts={name: replace(one) for name, one in reversed(list(snapshot.artifacts.items()))},
        plots={path: replace(file) for path, file in reversed(list(snapshot.plots.items()))},
        plot_definitions={
            name: replace(plot) for name, plot in reversed(list(snapshot.plot_definitions.items()))
        },
        packages={path: dict(pins) for path, pins in reversed(list(snapshot.packages.items()))},
        files=dict(reversed(list(snapshot.files.items()))),
    )


@settings(deadline=None)
@given(snapshots())
def test_a_snapshot_does_not_differ_from_itself(snapshot: Snapshot) -> None:
    assert diff(snapshot, snapshot) == ()
    assert diff(snapshot, rebuilt(snapshot)) == ()


@settings(deadline=None, max_examples=200)
@given(in_part(), in_part())
def test_the_way_back_tells_the_same_with_sides_swapped(old: Snapshot, new: Snapshot) -> None:
    assert told(diff(new, old)) == told(mirrored(change) for change in diff(old, new))


@settings(deadline=None, max_examples=200)
@given(snapshots(), snapshots())
def test_the_order_does_not_hang_on_that_of_the_snapshots(old: Snapshot, new: Snapshot) -> None:
    assert list(map(repr, diff(old, new))) == list(map(repr, diff(rebuilt(old), rebuilt(new))))


def _sides(changes: Iterable[Change]) -> Counter[tuple[object, ...]]:
    """Every (side, kind, path, name) that the changes speak of."""
    seen: Counter[tuple[object, ...]] = Counter()
    for c in changes:
        was, is_ = c.change is not ChangeType.ADDED, c.change is not ChangeType.DELETED
        match c:
            case ParamChange():
                old, new = (c.old_path or c.path, c.old_name or c.name), (c.path, c.name)
            case MetricChange() | PackageChange():
                old = new = (c.path, c.name)
            case PlotDefinitionChange():
                old = new = (c.path, c.name)
            case StageChange():
                old = (c.old.address, "") if c.old else ("", "")
                new = (c.new.address, "") if c.new else ("", "")
            case ArtifactChange():
                old = (c.old.file, c.old.name) if c.old else ("", "")
                new = (c.new.file, c.new.name) if c.new else ("", "")
            case RemoteChange():
                old = new = (c.path, "")
            case OutputChange() | FileChanged() | PlotChange():
                old, new = (c.old_path or c.path, ""), (c.path, "")
            case ImportChange():
                old = new = (c.path, "")
        seen.update([("old", type(c), *old)] * was + [("new", type(c), *new)] * is_)
    return seen


@settings(deadline=None, max_examples=200)
@given(snapshots(), snapshots())
def test_everything_is_told_once_and_the_new_side_follows_from_the_old(old: Snapshot, new: Snapshot) -> None:
    changes = diff(old, new)
    assert max(_sides(changes).values(), default=0) <= 1
    state = dict.fromkeys(old.outputs)
    for change in changes:
        if isinstance(change, OutputChange):
            if change.old:
                del state[change.old_path or change.path]
            if change.new:
                state[change.path] = None
    in_git_or_cache = old.metrics.keys() & new.metrics.keys()  # of those the values are told
    assert state.keys() - in_git_or_cache == new.outputs.keys() - in_git_or_cache
    pins = {
        (path, name): version for path, pinned in old.packages.items() for name, version in pinned.items()
    }
    for change in changes:
        if isinstance(change, PackageChange):
            if change.old is not None:
                del pins[change.old_path or change.path, change.name]
            if change.new is not None:
                pins[change.path, change.name] = change.new
    assert pins == {
        (path, name): version for path, pinned in new.packages.items() for name, version in pinned.items()
    }


nested = st.recursive(values, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab"), inner))


@settings(deadline=None, max_examples=300)
@given(nested, nested)
def test_an_item_stays_where_it_is_the_same_and_only_there(old: object, new: object) -> None:
    assert (item_changes([old], [new]) == ItemChanges()) == same(old, new)


@settings(deadline=None, max_examples=300)
@given(readable, readable)
def test_no_value_of_params_is_lost(old: dict[str, object], new: dict[str, object]) -> None:
    before = Snapshot(params={"p": ValueFile("p", old)})
    after = Snapshot(params={"p": ValueFile("p", new)})
    state = dict(old)
    changes = [c for c in diff(before, after) if isinstance(c, ParamChange)]
    for change in changes:
        if change.change is not ChangeType.ADDED:
            del state[change.old_name or change.name]
    state.update({c.name: c.new for c in changes if c.change is not ChangeType.DELETED})
    assert state.keys() == new.keys()
    assert diff(Snapshot(params={"p": ValueFile("p", state)}), after) == ()
