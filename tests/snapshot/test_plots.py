"""Plots: which files they are drawn from, and the points in these, as DVC finds them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitrepo import GitRepo, isolated, repo
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import Plot, PlotChange, PlotData, PlotDefinitionChange, Release
from dvc_changelog.render import markdown
from dvc_changelog.snapshot import points
from dvc_changelog.snapshot.plots import plots_of
from dvc_changelog.workflows import compare

__all__ = ["isolated", "quiet_dvc", "repo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plots: [a.csv, ./b/]", [("d/a.csv", ("d/a.csv",), ()), ("d/b", ("d/b",), ())]),
        ("plots: [{a.csv: {x: step}}]", [("d/a.csv", ("d/a.csv",), (("x", "step"),))]),
        ("plots: [{a.csv: null}]", [("d/a.csv", ("d/a.csv",), ())]),
        ("plots: {a.csv: {y: [p, q]}}", [("d/a.csv", ("d/a.csv",), (("y", "p"), ("y", "q")))]),
        (
            "plots: [{ROC: {template: simple, x: {x.csv: fpr}, y: {a.json: tpr, b.json: [t, u]}}}]",
            [
                (
                    "ROC",
                    ("d/a.json", "d/b.json", "d/x.csv"),
                    (
                        ("template", "simple"),
                        ("x", "d/x.csv: fpr"),
                        *(("y", "d/a.json: tpr"), ("y", "d/b.json: t"), ("y", "d/b.json: u")),
                    ),
                )
            ],
        ),
        (
            "stages: {s: {cmd: x, wdir: w, plots: [p.csv, {q.tsv: {header: false, cache: false}}]}}",
            [("d/w/p.csv", ("d/w/p.csv",), ()), ("d/w/q.tsv", ("d/w/q.tsv",), (("header", "false"),))],
        ),
        (
            "stages: {s: {cmd: x, plots: [{p.csv: [{x: a, y: b}, {y: c}]}]}}",
            [("d/p.csv", ("d/p.csv",), (("x", "a"), ("y", "b"), ("y", "c")))],
        ),
        ("plots: 3", []),
        ("plots: [null, [a]]\nstages: []", [("d/['a']", ("d/['a']",), ())]),
    ],
)
def test_the_plots_of_a_dvc_yaml_in_all_its_forms(
    text: str, expected: list[tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]]
) -> None:
    found = list(plots_of("d/dvc.yaml", yaml.safe_load(text)))
    assert [(plot.name, plot.data, plot.look) for plot in found] == expected
    assert all(plot.by_path == (plot.name in plot.data) for plot in found)


@pytest.mark.parametrize(
    ("path", "text", "columns", "rows"),
    [
        ("a.csv", "x,y\n1,2\n\n3,4\n", "x y", [("1", "2"), ("3", "4")]),
        ("a.csv", 'x,y\r\n"1,5",2\r\n', "x y", [("1,5", "2")]),
        ("a.tsv", "x\ty\n1\n1\t2\t3\n", "x y", [("1", ""), ("1", "2")]),
        ("a.csv", "", "", []),
        ("a.json", '[{"x": 1, "y": NaN}, {"x": [2]}]', "x y", [(1, ("NaN",)), ("[2]", None)]),
        ("a.json", '{"roc": [{"x": 1}], "n": 3, "v": [1, 2]}', "x", [(1,)]),
        ("a.json", '{"a": {"b": [{"x": 1}, {"x": 2}]}, "c": [{"y": 5}]}', "x y", [(1, 5), (2, None)]),
        ("a.json", '[{"x": 1}, {"y": 1}]', "", []),
        ("a.json", "3", "", []),
        ("a.yaml", "- {x: 1e-3}\n- {x: 2}\n", "x", [(0.001,), (2,)]),
    ],
)
def test_points_are_found_where_dvc_finds_them(
    path: str, text: str, columns: str, rows: list[tuple[Any, ...]]
) -> None:
    data = points.read(path, text.encode())
    assert data.points is not None
    assert (" ".join(data.points.columns), list(data.points.rows)) == (columns, rows)
    assert data.size == len(text.encode())


def test_a_table_without_a_header_has_numbers_for_names() -> None:
    data = points.read("a.csv", b"1,2\n3,4\n", header=False)
    assert data.points is not None
    assert (data.points.columns, len(data.points.rows)) == (("0", "1"), 2)


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("a.json", b"{", "not valid JSON: line 1: Expecting property name enclosed in double quotes"),
        ("a.json", b"<<<<<<< HEAD\n[]\n", "merge conflict markers at line 1"),
        ("a.csv", b"x,y\n<<<<<<< HEAD\n1,2\n", "merge conflict markers at line 2"),
        ("a.csv", b"x\n\xff\n", "not UTF-8"),
        ("a.csv", b"x\n" + b"1" * 200_000, "not a table: field larger than field limit (131072)"),
        ("a.csv", b"x\n" + b"1\n" * 2**22, "too large to count its points"),
        ("a.yaml", b"- x: 1\n" * 2**18, "too large to count its points"),
    ],
)
def test_what_cannot_be_read_says_why(path: str, data: bytes, reason: str) -> None:
    assert points.read(path, data) == PlotData(len(data), unread=reason)


@pytest.mark.parametrize("path", ["a.png", "b.SVG", "report.html"])
def test_a_picture_has_no_points(path: str) -> None:
    assert points.read(path, b"\x89PNG") == PlotData(4)


def between(repo: GitRepo, old: Mapping[str, str], new: Mapping[str, str]) -> Release:
    """What is told of two states, each committed whole."""
    ids = []
    for files in (old, new):
        repo.git("rm", "-rqf", "--ignore-unmatch", ".")
        ids.append(repo.commit("Work", {".dvc/config": "", **files}))
    return compare(repo.path, *ids, config=Config())


def test_a_file_that_stays_in_git_comes_and_goes_as_a_plot_alone(repo: GitRepo) -> None:
    file, grown = {"live/loss.csv": "step,loss\n0,1\n"}, {"live/loss.csv": "step,loss\n0,1\n1,2\n"}
    plain, drawn = {"dvc.yaml": "plots: []\n"}, {"dvc.yaml": "plots: [live]\n"}
    gone = between(repo, file | drawn, file | plain)
    assert plotted(gone) == {}
    assert "- No longer defined: plot `live`\n" in markdown.entry(gone, Config())
    assert plotted(between(repo, file | plain, file | drawn)) == {}
    came = between(repo, file | plain, grown | drawn)
    assert plotted(came) == {"live/loss.csv": (1, 0)}
    assert "- Defined plot `live`\n" in markdown.entry(came, Config())
    assert plotted(between(repo, file | drawn, plain)) == {"live/loss.csv": (0, 1)}
    assert plotted(between(repo, plain, file | drawn)) == {"live/loss.csv": (1, 0)}


def test_a_copy_of_a_plot_that_stays_in_git_is_new_and_not_renamed(repo: GitRepo) -> None:
    points = "step,loss\n0,1\n"
    first = {"a.csv": points, "dvc.yaml": "plots: [a.csv]\n"}
    second = {"a.csv": points, "b.csv": points, "dvc.yaml": "plots: [b.csv]\n"}
    assert plotted(between(repo, first, second)) == {"b.csv": (1, 0)}
    del second["a.csv"]
    (moved,) = [c for c in between(repo, first, second).changes if isinstance(c, PlotChange)]
    assert (moved.old_path, moved.path) == ("a.csv", "b.csv")


def plotted(told: Release) -> dict[str, tuple[int, int] | None]:
    """(added, removed) by path."""
    return {
        c.path: (c.points.added, c.points.removed) if c.points else None
        for c in told.changes
        if isinstance(c, PlotChange)
    }


LIVE = {
    "live/dvc.yaml": "params: []\nplots:\n- plots/metrics:\n    x: step\n- plots/images\n",
    "live/plots/metrics/train/loss.tsv": "step\tloss\n0\t0.9\n1\t0.8\n",
    "live/plots/metrics/lr.tsv": "step\tlr\n0\t0.1\n",
    "live/plots/images/confusion.png": "picture",
    "live/plots/images/README.md": "none of DVC's",
}


def test_the_directories_of_dvclive_are_plots_in_git(repo: GitRepo) -> None:
    longer = {"live/plots/metrics/train/loss.tsv": "step\tloss\n0\t0.9\n1\t0.8\n2\t0.7\n"}
    other = {"live/plots/images/confusion.png": "other", "live/plots/images/README.md": "other"}
    told = between(repo, LIVE, LIVE | longer | other)
    assert plotted(told) == {
        "live/plots/images/confusion.png": None,
        "live/plots/metrics/train/loss.tsv": (1, 0),
    }
    assert not told.problems


def test_a_commit_of_a_curve_touched_metrics(repo: GitRepo) -> None:
    told = between(repo, LIVE, LIVE | {"live/plots/images/confusion.png": "other"})
    assert [touch.value for touch in told.commits[0].touches] == ["metrics"]


def test_a_plot_that_lies_nowhere_is_missing_and_one_that_a_stage_will_make_is_not(repo: GitRepo) -> None:
    stage = "stages:\n  s:\n    cmd: x\n    outs: [eval]\n    plots:\n    - p.csv: {cache: false}\n"
    pipeline = f"plots: [gone.csv, eval/roc.json, p.csv, 's3://b/x.csv']\n{stage}"
    told = between(repo, {}, {"dvc.yaml": pipeline})
    assert [(problem.path, problem.missing) for problem in told.problems] == [("gone.csv", True)]


def test_a_plot_outside_of_git_is_known_by_its_recorded_hash(repo: GitRepo) -> None:
    def at(digest: str) -> dict[str, str]:
        entry = f"{{path: p.csv, hash: md5, md5: '{digest}', size: 5}}"
        lock = f"schema: '2.0'\nstages:\n  s:\n    cmd: x\n    outs:\n    - {entry}\n"
        return {
            "dvc.yaml": "stages:\n  s:\n    cmd: x\n    plots:\n    - p.csv: {cache: false}\n",
            "dvc.lock": lock,
        }

    (change,) = between(repo, at("1" * 32), at("2" * 32)).changes
    assert isinstance(change, PlotChange)
    assert (change.change.value, change.unread) == ("modified", "it is not in Git")


def test_a_broken_dvc_yaml_removes_no_plot(repo: GitRepo) -> None:
    told = between(repo, LIVE, LIVE | {"live/dvc.yaml": "<<<<<<< HEAD\nplots: []\n"})
    assert not [c for c in told.changes if isinstance(c, PlotChange | PlotDefinitionChange)]
    assert [problem.path for problem in told.problems] == ["live/dvc.yaml"]


PROJECT = {
    "dvc.yaml": """
vars: [{where: curves}]
stages:
  train:
    cmd: 'true'
    plots:
    - loss.csv: {cache: false, x: step}
    - bare.csv: {cache: false, header: false}
    - cached.csv
plots:
- ${where}
- {ROC: {x: fpr, y: {roc/train.json: tpr, roc/test.json: tpr}}}
- still.yaml
- eval/inside.csv
- picture.svg
""",
    "sub/dvc.yaml": "plots: [{acc.tsv: {x: step, y: acc}}]\n",
    "loss.csv": "step,loss\n0,1\n1,0.5\n",
    "bare.csv": "0,1\n1,0.5\n",
    "cached.csv": "x,y\n1,2\n",
    "curves/a.tsv": "step\ta\n0\t1\n",
    "curves/deep/b.csv": "step,b\n0,1\n1,2\n",
    "roc/train.json": '{"roc": [{"fpr": 0, "tpr": 0}, {"fpr": 1, "tpr": 1}]}',
    "roc/test.json": '[{"fpr": 0, "tpr": 0}, {"fpr": 0.5, "tpr": 0.7}, {"fpr": 1, "tpr": 1}]',
    "still.yaml": "- {x: 1}\n- {x: 2}\n",
    "eval/inside.csv": "x,y\n1,2\n",
    "picture.svg": "<svg/>",
    "sub/acc.tsv": "step\tacc\n0\t0.5\n",
}
CHANGED = {
    "loss.csv": "step,loss\n0,1\n1,0.5\n2,0.25\n",
    "bare.csv": "0,1\n",
    "cached.csv": "x,y\n1,3\n",
    "curves/deep/b.csv": "step,b\n0,1\n1,3\n",
    "roc/test.json": '[{"fpr": 0, "tpr": 0}, {"fpr": 0.4, "tpr": 0.7}, {"fpr": 1, "tpr": 1}]',
    "eval/inside.csv": "x,y\n1,3\n",
    "picture.svg": "<svg></svg>",
    "sub/acc.tsv": "step\tacc\n0\t0.5\n1\t0.6\n",
}
CACHED = {"cached.csv", "eval/inside.csv"}


def dvcs(project: Path, revision: str) -> dict[str, Any]:
    """The points of each file of a plot by DVC's own reading; the bytes of a picture."""
    from dvc.render.converter.vega import get_datapoints
    from dvc.repo import Repo

    with Repo(str(project)) as dvc:
        sources = dvc.plots.show(revs=[revision])[revision]["sources"]["data"]
    read = {path: entry["data"] for path, entry in sources.items()}
    return {
        path: data if isinstance(data, bytes) else get_datapoints(data) if data else []
        for path, data in read.items()
    }


def test_the_changed_points_are_those_that_dvc_sees(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dvc plots diff` gives both sides' points; what differs in them is what we tell, path by path."""
    from dvc.repo import Repo

    monkeypatch.chdir(repo.path)
    Repo.init().close()
    for files in (PROJECT, CHANGED):
        repo.write(files)
        with Repo() as dvc:
            dvc.add("eval")
            dvc.commit(force=True)
        repo.commit("Work", {})
    before, after = dvcs(repo.path, "HEAD~1"), dvcs(repo.path, "HEAD")
    differ = {path for path in after if before[path] != after[path]}
    assert differ == set(CHANGED)
    told = compare(repo.path, "HEAD~1", "HEAD", config=Config())
    changes = {c.path: c for c in told.changes if isinstance(c, PlotChange)}
    assert changes.keys() == differ - CACHED
    assert {"eval", "cached.csv"} <= {c.path for c in told.changes}
    for path, change in changes.items():
        if path != "picture.svg":
            assert change.points is not None
            assert (change.points.old, change.points.new) == (len(before[path]), len(after[path]))
            kept = sum(1 for point in after[path] if point in before[path])
            assert change.points.added == len(after[path]) - kept


def test_a_curve_that_is_not_committed_is_told_of_the_workspace(repo: GitRepo) -> None:
    repo.commit("Work", {".dvc/config": "", **LIVE})
    repo.write({"live/plots/metrics/lr.tsv": "step\tlr\n0\t0.1\n1\t0.2\n"})
    assert plotted(compare(repo.path, "HEAD", config=Config(), workspace=True)) == {
        "live/plots/metrics/lr.tsv": (1, 0)
    }


def test_a_definition_in_a_template_is_resolved(repo: GitRepo) -> None:
    text = "vars: [{f: roc.csv, t: linear}]\nplots:\n- ${f}:\n    template: ${t}\n"
    data = {"roc.csv": "x\n1\n"}
    told = between(repo, data | {"dvc.yaml": "plots: [roc.csv]\n"}, data | {"dvc.yaml": text})
    (change,) = (c for c in told.changes if isinstance(c, PlotDefinitionChange))
    assert change.new == Plot("roc.csv", "dvc.yaml", ("roc.csv",), (("template", "linear"),), by_path=True)
