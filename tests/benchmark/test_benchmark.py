"""The benchmark's stages at a tiny size: that they work and what they write. No time is asserted."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmark import history, measure, report

TOP = Path(__file__).resolve().parents[2]
TINY = history.Size(commits=12, releases=3, projects=2, stages=3, params=7, seed=3)
OURS = ((sys.executable, "-c", "pass"),)


def git(place: Path, *args: str) -> str:
    return subprocess.run(["git", "-C", str(place), *args], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("benchmark") / "build" / "history.git"
    history.write(TINY, target)
    return target


@pytest.fixture(scope="session")
def words(bare: Path) -> dict[str, str]:
    return measure.clone(bare, bare.parent / "clone")


def test_the_history_is_a_sound_repository_of_the_size_asked_for(bare: Path) -> None:
    git(bare, "fsck", "--strict")
    assert git(bare, "rev-list", "--count", "main").strip() == "12"
    assert git(bare, "tag", "--sort=creatordate").split() == ["v0.1.0", "v0.2.0", "v0.3.0"]
    assert git(bare, "rev-list", "--count", "v0.3.0..main").strip() == "3"


def test_the_same_size_gives_the_same_history(bare: Path, tmp_path: Path) -> None:
    history.write(TINY, tmp_path / "again.git")
    history.write(TINY, tmp_path / "again.git")
    assert git(bare, "rev-parse", "main") == git(tmp_path / "again.git", "rev-parse", "main")


def test_dvc_reads_the_history(words: dict[str, str]) -> None:
    old, new = "v0.1.0", "v0.3.0"

    def dvc(*args: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", *args, old, new, "--json"],
            cwd=words["repo"],
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    params, metrics, data = dvc("params", "diff"), dvc("metrics", "diff"), dvc("diff")
    changed = set(git(Path(words["repo"]), "diff", "--name-only", old, new).split())
    assert params
    assert {str(path) for path in params} == {path for path in changed if path.endswith("params.yaml")}
    assert {str(path) for path in metrics} == {path for path in changed if path.endswith("metrics.json")}
    assert data["modified"]
    assert not data["added"] + data["deleted"]


def test_what_goes_back_has_its_old_hash_again() -> None:
    project = history.Project("p00", {"stage0": {"epochs": 5}, "stage1": {"dropout": 0.1}})
    before = history.files(project)
    project.params["stage1"]["dropout"] = 0.2
    between = history.files(project)
    locks = [yaml.safe_load(files["p00/dvc.lock"])["stages"] for files in (before, between)]
    assert locks[0]["stage0"] == locks[1]["stage0"]
    assert locks[0]["stage1"]["outs"] != locks[1]["stage1"]["outs"]
    project.params["stage1"]["dropout"] = 0.1
    assert history.files(project) == before


def races(*peers: tuple[str, ...]) -> list[measure.Race]:
    return [measure.Race(f"race{number}", OURS, (peer,)) for number, peer in enumerate(peers)]


def test_a_peer_that_is_absent_or_fails_has_no_time(
    words: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = (sys.executable, "-c", "import sys; sys.exit('no such' + ' thing')")
    runs = measure.measure(races(("no-such-peer",), fails, OURS[0]), words, repeats=2)
    measure.save(runs, tmp_path / "runs.csv")
    report.write(tmp_path / "runs.csv", tmp_path / "docs")

    metrics = json.loads((tmp_path / "docs" / "metrics.json").read_text())
    assert {race: set(found) for race, found in metrics.items()} == {
        f"race{number}": {"ours", "peer", "ratio"} for number in range(3)
    }
    assert [metrics[race]["peer"] is None for race in sorted(metrics)] == [True, True, False]
    assert [metrics[race]["ratio"] is None for race in sorted(metrics)] == [True, True, False]
    assert all(found["ours"] > 0 for found in metrics.values())
    err = capsys.readouterr().err
    assert err.count("no-such-peer is not installed") == 1
    assert err.count("no such thing") == 1
    rows = list(csv.DictReader((tmp_path / "docs" / "times.csv").open()))
    assert [row["run"] for row in rows] == ["race0 (ours)", "race1 (ours)", "race2 (ours)", "race2 (peer)"]
    assert "| race0 | " in (tmp_path / "docs" / "README.md").read_text()
    assert "| not run |" in (tmp_path / "docs" / "README.md").read_text()


def test_ours_must_run(words: dict[str, str]) -> None:
    with pytest.raises(measure.OursFailedError, match="not installed"):
        measure.measure([measure.Race("x", (("no-such-tool",),), OURS)], words, 1)


def test_the_fastest_run_counts() -> None:
    runs = [
        {"race": "x", "side": side, "seconds": seconds}
        for side, seconds in (("ours", "2"), ("peer", "9"), ("ours", "1.5"), ("peer", "6"))
    ]
    assert report.summarise(runs) == {"x": {"ours": 1.5, "peer": 6.0, "ratio": 4.0}}


@pytest.mark.parametrize("race", measure.RACES, ids=lambda race: race.name)
def test_the_peers_of_the_real_races_run(
    race: measure.Race, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    if absent := [command[0] for command in race.peer if not shutil.which(command[0])]:
        pytest.skip(f"{absent[0]} is not installed")
    seconds, why = measure.once(race.peer, words)
    assert (bool(seconds), why) == (True, "")


@pytest.mark.parametrize("race", measure.RACES, ids=lambda race: race.name)
def test_ours_in_the_real_races_runs(
    race: measure.Race, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    if not shutil.which("dvc-changelog"):
        pytest.skip("dvc-changelog is not installed as a command")
    seconds, why = measure.once(race.ours, words)
    assert (bool(seconds), why) == (True, "")


def test_the_pipeline_asks_for_what_its_stages_read() -> None:
    sizes = yaml.safe_load((TOP / "params.yaml").read_text())
    history.Size(**sizes["history"])
    assert sizes["measure"]["repeats"] > 0
    stages = yaml.safe_load((TOP / "dvc.yaml").read_text())["stages"]
    assert [name for name in stages if not (TOP / stages[name]["cmd"].split()[1]).is_file()] == []
