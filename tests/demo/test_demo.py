"""The demo is built once, by the real Git and DVC; then its history must tell the story it claims to tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dvc_changelog.demo import build
from dvc_changelog.demo.story import STORY
from dvc_changelog.demo.workshop import workshop
from dvc_changelog.domain import MetricChange, OutputChange, ParamChange
from dvc_changelog.errors import ChangelogError, UsageError
from dvc_changelog.workflows import generate

VERSIONS = ["v0.1.0", "v1.0.0", "v1.1.0", "v1.1.1", "v1.2.0"]


def run(place: Path, *command: str) -> str:
    settings = {
        "DVC_NO_ANALYTICS": "1",
        "DVC_TEST": "1",
        "HOME": str(place.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(
        command, cwd=place, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def said(built_demo: Path) -> list[str]:
    return (built_demo.parent / "said.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def demo(built_demo: Path) -> Path:
    return built_demo


def at(demo: Path, revision: str, path: str) -> Any:
    return yaml.safe_load(run(demo, "git", "show", f"{revision}:{path}"))


def test_every_commit_and_tag_of_the_story_is_there(demo: Path, said: list[str]) -> None:
    tags = run(demo, "git", "tag", "--list", "--sort=creatordate").split()
    assert [tag for tag in tags if tag.startswith("v")] == VERSIONS
    assert {"router@v1.0.0", "router#prod#1"} < set(tags)
    assert run(demo, "git", "log", "--reverse", "--format=%s").splitlines() == [
        step.message.splitlines()[0] for step in STORY
    ]
    assert int(run(demo, "git", "rev-list", "--count", "v1.2.0..HEAD")) == 3
    assert any(line.startswith("v1.1.0: ") for line in said)


def test_tags_are_light_and_annotated(demo: Path) -> None:
    kinds = dict(
        line.split()
        for line in run(
            demo, "git", "for-each-ref", "--format=%(refname:short) %(objecttype)", "refs/tags"
        ).splitlines()
    )
    assert (kinds["v0.1.0"], kinds["v1.0.0"]) == ("commit", "tag")


def test_dates_and_authors_are_fixed(demo: Path) -> None:
    days = run(demo, "git", "log", "--reverse", "--format=%as %cs %an <%ae>").splitlines()
    assert days == [f"{step.day} {step.day} {step.author}" for step in STORY]


def test_reasons_are_trailers(demo: Path) -> None:
    text = run(demo, "git", "log", "-1", "--format=%(trailers:unfold)", "v1.1.1^")
    assert text.startswith("Reason: The export of February")
    assert "\nKnown-issue: " in text


@pytest.mark.parametrize("option", [(), ("--cloud",)])
def test_the_pipeline_is_up_to_date_and_pushed(demo: Path, option: tuple[str, ...]) -> None:
    assert run(demo, "git", "status", "--porcelain") == ""
    status = run(demo, sys.executable, "-m", "dvc", "status", "--json", *option)
    assert json.loads(status) == {}


def outs(demo: Path, revision: str) -> dict[str, str]:
    lock = at(demo, revision, "dvc.lock")
    found = {
        out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"] if "md5" in out
    }
    for data in ("data/raw.dvc", "data/holdout.csv.dvc"):
        found[data] = at(demo, revision, data)["outs"][0]["md5"]
    return found


def test_the_rollback_has_the_bytes_of_before(demo: Path) -> None:
    before, wrong, after = (outs(demo, version) for version in ("v1.0.0", "v1.1.0", "v1.1.1"))
    assert after == before
    assert not set(after.values()) & set(wrong.values())
    assert at(demo, "v1.1.1", "params.yaml") == at(demo, "v1.0.0", "params.yaml")


def test_metrics_move_where_the_story_says(demo: Path) -> None:
    metrics = {version: at(demo, version, "metrics.json") for version in [*VERSIONS, "HEAD"]}
    accuracy = {version: value["test"]["accuracy"] for version, value in metrics.items()}
    ops = {version: value["test"]["ops_per_ticket"] for version, value in metrics.items()}
    assert accuracy["v0.1.0"] < accuracy["v1.0.0"] < accuracy["v1.2.0"]
    assert accuracy["v1.1.0"] < accuracy["v1.0.0"]
    assert ops["v1.1.0"] > ops["v1.0.0"]
    assert ops["HEAD"] < ops["v1.2.0"]
    assert metrics["v1.1.1"] == metrics["v1.0.0"]


def test_stage_package_and_list_param_change(demo: Path) -> None:
    old, new = (at(demo, version, "dvc.yaml")["stages"] for version in ("v1.1.1", "v1.2.0"))
    assert set(new) - set(old) == {"calibrate"}
    assert at(demo, "v1.1.1", "params.yaml")["featurize"]["ngrams"] == [1]
    assert at(demo, "v1.2.0", "params.yaml")["featurize"]["ngrams"] == [1, 2]
    assert "pyyaml==6.0.2" in run(demo, "git", "show", "v1.2.0:requirements.txt")
    assert at(demo, "HEAD", "dvc.yaml")["artifacts"]["router"]["type"] == "model"


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"(?s)is not empty.*dvc-changelog demo DIR"):
        build(tmp_path, print)
    with pytest.raises(UsageError, match="is a file"):
        build(tmp_path / "mine.txt", print)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("root", "home"):
        (tmp_path / name).mkdir()
    return tmp_path / "root", tmp_path / "home"


def test_a_failure_of_git_or_dvc_is_told_with_their_words(places: tuple[Path, Path]) -> None:
    with workshop(*places) as place:
        with pytest.raises(
            ChangelogError, match=r"(?s)dvc add nothing failed.*not inside of a DVC repository"
        ):
            place.dvc("add", "nothing")
        with pytest.raises(ChangelogError, match=r"(?s)git switch nowhere failed.*not a git repository"):
            place.git("switch", "nowhere")
        place.write("a.txt", "one one")
        with pytest.raises(ChangelogError, match="has 2 of 'one'"):
            place.edit("a.txt", "one", "two")


def test_a_worker_that_dies_is_told(places: tuple[Path, Path]) -> None:
    with workshop(*places) as place:
        place.worker.kill()
        place.worker.wait()
        with pytest.raises(ChangelogError, match="dvc init failed"):
            place.dvc("init")


def test_without_git_it_says_so(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ChangelogError, match="Git is not installed"), workshop(*places):
        pass


def test_python_of_the_stages_is_ours_even_without_a_python_beside(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system Python may be called `python3` only."""
    real = sys.executable
    monkeypatch.setattr(
        "dvc_changelog.demo.workshop.shutil.which", lambda name, path=None: None if path else name
    )
    with workshop(*places) as place:
        python = Path(place.env["PATH"].split(os.pathsep)[0]) / "python"
        assert run(places[0], str(python), "-c", "import sys; print(sys.prefix)").strip() == sys.prefix
    assert real in python.read_text()


def test_what_moved_is_told_of_the_commits_that_the_script_made(demo: Path) -> None:
    """And each step of a metric is what Git has in the commit and in its parent."""
    subjects = dict(_log(demo))
    told = {release.head.version: release for release in generate(demo).releases}
    for release in told.values():
        for change in release.changes:
            if isinstance(change, MetricChange) and release.base:
                assert change.steps
                assert change.rest is None
                for step in change.steps:
                    assert step.new == _value(demo, step.commit_id, change)
                    assert step.old == _value(demo, f"{step.commit_id}^", change)

    def movers(version: str | None, name: str) -> list[str]:
        (change,) = [
            c
            for c in told[version].changes
            if isinstance(c, ParamChange | OutputChange) and name in {c.path, getattr(c, "name", "")}
        ]
        return [subjects[commit].partition("\n")[0] for commit in change.commits]

    again = "Add the tickets of February again, with the team that owns them"
    bigrams = "Bigrams, now on the right labels"
    assert movers("v1.0.0", "train.epochs") == ["More epochs and a larger vocabulary"]
    assert movers("v1.1.0", "featurize.ngrams") == ["Try bigrams"]
    assert movers("v1.1.0", "data/raw") == ["Add the tickets of February"]
    assert movers("v1.1.0", "models/router.json") == ["Try bigrams", "Add the tickets of February"]
    assert movers("v1.1.1", "featurize.ngrams") == ["Go back to the data and params of 1.0.0"]
    assert movers("v1.2.0", "featurize.max_features") == [bigrams, again]
    assert movers("v1.2.0", "data/prepared.csv") == [again]
    assert movers(None, "data/raw") == ["Add the tickets of March"]


def _log(demo: Path) -> list[tuple[str, str]]:
    lines = run(demo, "git", "log", "--all", "--format=%H %s").splitlines()
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def _value(demo: Path, revision: str, change: MetricChange) -> Any:
    """What Git has of a metric; None where there is no such file."""
    if not run(demo, "git", "ls-tree", revision, change.path):
        return None
    value = at(demo, revision, change.path)
    for key in change.name.split("."):
        value = value[key]
    return value
