"""What became of the points of a plot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.diff import diff, with_points
from dvc_changelog.diff.plots import compared
from dvc_changelog.domain import (
    ChangeType,
    Content,
    Output,
    Plot,
    PlotChange,
    PlotData,
    PlotDefinitionChange,
    PlotFile,
    PointChanges,
    Points,
    Problem,
    Role,
    Snapshot,
)


def points(text: str) -> Points:
    """'step,loss 1,0.9 2,0.8': columns, then rows."""
    columns, *rows = (tuple(part.split(",")) for part in text.split())
    return Points(columns, tuple(rows))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x,y 1,1 2,2", "x,y 1,1 2,2", PointChanges(2, 2, 0, 0)),
        ("x,y 1,1", "x,y 1,1 2,2 3,3", PointChanges(1, 3, 2, 0)),
        ("x,y 1,1 2,2", "x,y 1,1", PointChanges(2, 1, 0, 1)),
        ("x,y 1,1 2,2", "x,y 2,2 1,1", PointChanges(2, 2, 0, 0, reordered=True)),
        ("x,y 1,1 2,2", "x,y 1,1 2,3", PointChanges(2, 2, 1, 1)),
        ("x,y 1,1 1,1", "x,y 1,1", PointChanges(2, 1, 0, 1)),
        ("x,y 1,2", "y,x 2,1", PointChanges(1, 1, 0, 0)),
        ("x,y 1,2", "x,y,z 1,2,3", PointChanges(1, 1, 0, 0, columns_added=("z",))),
        (
            "x,y 1,2",
            "x,z 1,2 2,3",
            PointChanges(1, 2, 1, 0, columns_added=("z",), columns_removed=("y",)),
        ),
        ("x 1", "y 1", PointChanges(1, 1, 1, 1, columns_added=("y",), columns_removed=("x",))),
        ("x", "x,y 1,1", PointChanges(0, 1, 1, 0)),
    ],
)
def test_points_are_compared_by_the_columns_of_both(old: str, new: str, expected: PointChanges) -> None:
    assert compared(points(old), points(new)) == expected


tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[st.sampled_from("123")] * width), max_size=6).map(
        lambda rows: Points(tuple("xyz"[:width]), tuple(rows))
    )
)


@given(tables, tables)
def test_the_new_points_are_the_old_ones_less_and_more(old: Points, new: Points) -> None:
    there, back = compared(old, new), compared(new, old)
    assert there.old - there.removed + there.added == there.new == len(new.rows)
    assert (there.added, there.removed, there.reordered) == (back.removed, back.added, back.reordered)
    assert there.columns_added == back.columns_removed
    assert not compared(old, old)


def file(path: str, digest: str, algorithm: str = "git") -> PlotFile:
    return PlotFile(path, Content(algorithm, digest))


def drawn(**files: str) -> Snapshot:
    return Snapshot(plots={path: file(path, digest) for path, digest in files.items()})


def told(old: Snapshot, new: Snapshot) -> list[str]:
    return [
        f"{c.change.value} {f'{c.old_path} -> ' if c.old_path else ''}{c.path}"
        for c in diff(old, new)
        if isinstance(c, PlotChange)
    ]


def test_files_of_plots_are_compared_by_hash() -> None:
    assert told(drawn(a="1", b="2", c="3"), drawn(a="1", b="4", d="3", e="5")) == [
        "modified b",
        "renamed c -> d",
        "added e",
    ]
    assert told(Snapshot(plots={"a": file("a", "1", "md5")}), drawn(a="1")) == ["unknown a"]


def test_a_file_that_went_into_dvcs_cache_is_told_as_data() -> None:
    cached = Snapshot(outputs={"a": Output("a", Content("md5", "1"), Role.DERIVED)})
    assert told(drawn(a="1"), cached) == told(cached, drawn(a="1")) == []


def test_a_file_in_a_directory_that_went_into_dvcs_cache_is_not_said_to_be_gone() -> None:
    in_git = Snapshot(plots={"live/plots/a.tsv": file("live/plots/a.tsv", "1")})
    live = Output("live", Content("md5", "1.dir"), Role.DERIVED)
    kept = Snapshot(outputs={"live": live})
    assert told(in_git, kept) == told(kept, in_git) == []
    recorded = Snapshot(outputs={"live": replace(live, cached=False)})
    assert told(in_git, recorded) == ["deleted live/plots/a.tsv"]


def test_a_directory_that_left_git_is_no_new_plot() -> None:
    recorded = Snapshot(plots={"plots": file("plots", "1.dir", "md5")})
    in_git = Snapshot(plots={"plots/a/b.csv": file("plots/a/b.csv", "1")})
    assert told(in_git, recorded) == ["deleted plots/a/b.csv"]
    assert told(recorded, in_git) == ["added plots/a/b.csv"]


def test_nothing_is_claimed_of_plots_whose_dvc_yaml_cannot_be_read() -> None:
    sound = Snapshot(
        plots={"live/a.tsv": file("live/a.tsv", "1"), "b.csv": file("b.csv", "2")},
        plot_definitions={
            "live/dvc.yaml:live": Plot("live", "live/dvc.yaml", ("live",)),
            "dvc.yaml:b.csv": Plot("b.csv", "dvc.yaml", ("b.csv",)),
        },
    )
    broken = Snapshot(problems=(Problem("live/dvc.yaml", "merge conflict markers at line 1", "v1"),))
    assert told(sound, broken) == ["deleted b.csv"]
    assert told(broken, sound) == ["added b.csv"]
    assert [c.name for c in diff(broken, sound) if isinstance(c, PlotDefinitionChange)] == ["b.csv"]


def test_the_definition_of_a_stages_output_is_told_where_it_differs_alone() -> None:
    stage = Plot("a.csv", "dvc.yaml", ("a.csv",), by_path=True, of_stage=True)
    top = Plot("b.csv", "dvc.yaml", ("b.csv",), by_path=True)

    def definitions(old: list[Plot], new: list[Plot]) -> list[str]:
        sides = (Snapshot(plot_definitions={plot.name: plot for plot in side}) for side in (old, new))
        return [f"{c.change.value} {c.name}" for c in diff(*sides) if isinstance(c, PlotDefinitionChange)]

    assert definitions([], [stage, top]) == ["added b.csv"]
    assert definitions([stage, top], []) == ["deleted b.csv"]
    look = (("template", "linear"), ("x", "step"))
    assert definitions([stage, top], [replace(stage, look=look), top]) == ["modified a.csv"]
    assert definitions([replace(stage, look=look)], [replace(stage, look=look[::-1])]) == []


MODIFIED = PlotChange(ChangeType.MODIFIED, "a", file("a", "1"), file("a", "2"))


def read(**sides: PlotData) -> PlotChange | None:
    return with_points(MODIFIED, lambda side: sides["old" if side is MODIFIED.old else "new"])


def test_the_points_of_what_differs_are_read() -> None:
    found = read(old=PlotData(8, points("x 1")), new=PlotData(9, points("x 1 2")))
    assert found is not None
    assert found.points == PointChanges(1, 2, 1, 0)
    assert (found.old and found.old.content.size, found.new and found.new.content.size) == (8, 9)


def test_the_same_points_written_otherwise_are_no_change() -> None:
    assert read(old=PlotData(8, points("x,y 1,2")), new=PlotData(9, points("y,x 2,1"))) is None


def test_a_picture_and_what_cannot_be_read_are_told_all_the_same() -> None:
    picture = read(old=PlotData(8), new=PlotData(9))
    assert picture is not None
    assert picture.points is None
    broken = read(old=PlotData(8, points("x 1")), new=PlotData(9, unread="not valid JSON"))
    assert broken is not None
    assert (broken.points, broken.unread) == (None, "not valid JSON")


def test_a_metrics_file_without_points_is_told_by_its_values_alone() -> None:
    empty = PlotData(2, Points())
    assert with_points(MODIFIED, lambda _: empty, {"a"}) is None
    assert with_points(MODIFIED, lambda _: empty) is not None
