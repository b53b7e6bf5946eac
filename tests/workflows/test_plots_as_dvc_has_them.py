"""The plots of a review and those of `dvc plots diff`: the same ones, drawn from the same specification.

One project, made and run by DVC at two commits, has every kind of plot there is. Where we mean to differ: of
what is the same on both sides DVC draws everything, and we draw nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from gitrepo import GitRepo, isolation

from dvc_changelog.config import Config
from dvc_changelog.render import vega
from dvc_changelog.workflows import drawing, plotting, review
from dvc_changelog.workflows.common import open_history, snapshots_of
from dvc_changelog.workflows.paths import Paths
from dvc_changelog.workflows.pictures import pictures

PIPELINE = """\
stages:
  run:
    cmd: [rm -rf live, cp -r src/roc.json src/cm.csv src/live src/heat.png .]
    deps: [src]
    outs: [roc.json]
    plots:
    - cm.csv: {template: confusion, x: actual, y: predicted}
    - live: {x: step}
    - heat.png
plots:
- loss.csv: {x: step, y: [train, test], title: Loss, y_label: loss}
- still.csv
- steady.json
- bare.tsv: {template: own}
- ROC:
    template: simple
    x: fpr
    y: {roc.json: tpr, other.json: tpr}
- drawing.svg
"""
OWN = {
    "data": {"values": "<DVC_METRIC_DATA>"},
    "title": "<DVC_METRIC_TITLE>",
    "mark": "point",
    "encoding": {"x": {"field": "<DVC_METRIC_X>"}, "y": {"field": "<DVC_METRIC_Y>"}},
}


def svg(colour: str) -> str:
    inside = f'<rect width="9" height="9" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{inside}</svg>'


def files(version: int) -> Mapping[str, str | bytes]:
    import vl_convert

    table = "step,train,test\n" + "".join(
        f"{at},{1 / (at + version)},{2 / (at + version)}\n" for at in range(9)
    )
    curve = [{"fpr": at / 4, "tpr": at / 4 + version / 10} for at in range(5)]
    return {
        "dvc.yaml": PIPELINE,
        ".dvc/plots/own.json": json.dumps(OWN),
        "loss.csv": table,
        "still.csv": "a,b\n1,2\n",
        "steady.json": json.dumps([{"v": 1}, {"v": 2}], indent=version),  # other bytes, the same points
        "bare.tsv": f"k\tv\n1\t{version}\n2\t{'NaN' if version == 2 else 5}\n",
        "other.json": json.dumps(curve[:3]),
        "drawing.svg": svg(["red", "blue"][version - 1]),
        "src/roc.json": json.dumps({"roc": curve}),
        "src/cm.csv": "actual,predicted\n" + "cat,dog\n" * version + "cat,cat\ndog,dog\n",
        "src/live/acc.tsv": f"step\tacc\n0\t0.{version}\n1\t0.9\n",
        "src/live/same.tsv": "step\tsame\n0\t1\n1\t2\n",
        "src/heat.png": vl_convert.svg_to_png(svg(["green", "black"][version - 1])),
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """The project on `main`, and on `tune`, which is checked out."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolation(tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        home = tmp_path_factory.mktemp("home")
        for name in ("DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "DVC_SITE_CACHE_DIR"):
            patch.setenv(name, str(home))
        patch.setenv("DVC_NO_ANALYTICS", "1")
        repo = GitRepo.init(tmp_path_factory.mktemp("plots") / "repo")
        patch.chdir(repo.path)
        with Repo.init() as dvc:
            for branch, version in (("main", 1), ("tune", 2)):
                repo.git("checkout", "--quiet", "-B", branch)
                repo.write(files(version))
                dvc.reproduce()
                repo.commit(branch, {})
    return repo


def ours(repo: GitRepo) -> tuple[dict[str, Any], list[str]]:
    """The specifications and drawings of a review, by plot; and what is said of the others."""
    history, config = open_history(repo.path, Config())
    release = review(history, "main", "tune", config=config).release
    snapshots = snapshots_of(history, config)
    jobs, messages = plotting.jobs_of(
        snapshots, release, plotting.sides_of(snapshots, release), Paths((), ())
    )
    return {job.name: job.job for job in jobs}, messages


@pytest.fixture
def dvcs(project: GitRepo, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `dvc plots diff main tune` would show, by plot."""
    from dvc.render.match import match_defs_renderers
    from dvc.repo import Repo

    monkeypatch.chdir(project.path)
    with Repo() as dvc:
        data = dvc.plots.diff(revs=["main", "tune"])
        found = match_defs_renderers(data, templates_dir=dvc.plots.templates_dir)
    assert not any(one.source_errors or one.definition_errors for one in found)
    return {one.renderer.name: one.renderer for one in found}


def test_the_specifications_are_those_of_dvc(project: GitRepo, dvcs: dict[str, Any]) -> None:
    jobs, messages = ours(project)
    assert messages == []
    drawn = {"ROC", "bare.tsv", "cm.csv", "live/acc.tsv", "loss.csv"}
    assert dvcs.keys() == {*drawn, "live/same.tsv", "still.csv", "steady.json", "heat.png", "drawing.svg"}
    assert jobs.keys() == {*drawn, "heat.png", "drawing.svg"}
    for name in drawn:
        assert jobs[name]["vega"] == vega.finite(dvcs[name].get_filled_template()), name


def test_each_is_drawn_and_says_what_it_shows(project: GitRepo) -> None:
    history, config = open_history(project.path, Config())
    release = review(history, "main", "tune", config=config).release
    found, messages = pictures(history, snapshots_of(history, config), release, config, plots=True)
    assert messages == ()
    assert all(picture.data.startswith(b"\x89PNG") and len(picture.data) <= 200_000 for picture in found)
    assert {picture.alt for picture in found} == {
        "ROC: 8 points in main, 8 in tune",
        "bare.tsv: 2 points in main, 2 in tune",
        "cm.csv: 3 points in main, 4 in tune",
        "drawing.svg: the picture of main and of tune",
        "heat.png: the picture of main and of tune",
        "live/acc.tsv: 2 points in main, 2 in tune",
        "loss.csv: 18 points in main, 18 in tune",
    }


def test_uncommitted_changes_are_drawn_too(
    project: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "drawn", lambda jobs: [b"drawn"] * len(jobs))
    copy = GitRepo.clone(project.path, tmp_path / "clone")
    copy.write({"loss.csv": "step,train,test\n0,1,2\n"})
    history, config = open_history(copy.path, Config())
    release = review(history, "HEAD", config=config, workspace=True).release
    found, _ = pictures(history, snapshots_of(history, config), release, config, plots=True)
    assert [picture.alt for picture in found] == ["loss.csv: 18 points in HEAD, 2 in workspace"]


def test_what_the_cache_lacks_is_said_and_the_rest_is_drawn(project: GitRepo, tmp_path: Path) -> None:
    copy = GitRepo.clone(project.path, tmp_path / "clone")
    copy.git("branch", "main", "origin/main")
    jobs, messages = ours(copy)
    assert jobs.keys() == {"ROC", "bare.tsv", "drawing.svg", "loss.csv"}
    no_cm = "The plot `cm.csv` is not drawn: `cm.csv` of main cannot be read: not in DVC's cache here"
    assert messages == [
        "Of the plot `ROC`, `roc.json` of main cannot be read: not in DVC's cache here.",
        "Of the plot `ROC`, `roc.json` of tune cannot be read: not in DVC's cache here.",
        f"{no_cm} (and 1 more).",
        "The plot `heat.png` of main and of tune cannot be shown: not in DVC's cache here.",
        "The plots in `live` of main are not known: the files of its directory are not known here.",
        "The plots in `live` of tune are not known: the files of its directory are not known here.",
    ]


def test_without_the_library_it_is_said_how_to_get_it(
    project: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "available", lambda: False)
    history, config = open_history(project.path, Config())
    release = review(history, "main", "tune", config=config).release
    found, (message,) = pictures(history, snapshots_of(history, config), release, config, plots=True)
    assert found == ()
    assert "pip install 'dvc-changelog[plots]'" in message
