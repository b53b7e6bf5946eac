"""The commands at the end of a release, run with the real DVC: they bring what they say."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from programs import path_with

from dvc_changelog.config import Config
from dvc_changelog.render.phrase import Phrase, Style
from dvc_changelog.render.view import view
from dvc_changelog.workflows import generate
from dvc_changelog.workflows.common import open_history, snapshots_of

RELEASE, BEFORE = "v1.2.0", "v1.1.1"
MODEL, HOLDOUT = "models/router.json", "data/holdout.csv"
pytestmark = pytest.mark.usefixtures("programs")


def line_of(repo: Path, starting: str, version: str) -> Phrase:
    """A line below "Reproduce and roll back"; empty if there is none."""
    release = generate(repo, config=Config(), version=version).releases[0]
    ways = view(release, Config()).ways
    return next((way for way in ways if str(way).startswith(starting)), Phrase())


def commands(repo: Path, starting: str, version: str = RELEASE) -> list[str]:
    """The commands of such a line."""
    parts = line_of(repo, starting, version).parts
    return [part.text for part in parts if part.style is Style.CODE and part.text[:4] in {"git ", "dvc "}]


def run(command: str, at: Path) -> None:
    """Run a command as a person does, in a shell."""
    env = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(command, shell=True, cwd=at, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def recorded(repo: Path, version: str) -> dict[str, str]:
    """The hashes of files that a version records."""
    history, config = open_history(repo, Config())
    snapshot = snapshots_of(history, config).at(history.revision(version))
    return {path: snapshot.outputs[path].content.digest for path in (MODEL, HOLDOUT)}


def lying(repo: Path) -> dict[str, str]:
    """The hashes of those that are in the working tree."""
    there = (path for path in (MODEL, HOLDOUT) if (repo / path).exists())
    return {path: hashlib.md5((repo / path).read_bytes()).hexdigest() for path in there}


def cloned(repo: Path, to: Path) -> Path:
    """A new clone, without cache and data; the remote is there."""
    run(f"git clone --quiet {repo} {to}", repo)
    shutil.copytree(repo / ".dvc-storage", to / ".dvc-storage")
    return to


@pytest.fixture(params=["cache and remote", "cache", "remote"])
def place(request: pytest.FixtureRequest, demo_copy: Path, tmp_path: Path) -> Path:
    """The demo, with its data in one of two places or in both: a working copy, or a new clone."""
    if request.param == "remote":
        return cloned(demo_copy, tmp_path / "clone")
    run(f"git checkout --quiet --force {RELEASE} && dvc checkout --quiet", demo_copy)
    if request.param == "cache":
        shutil.rmtree(demo_copy / ".dvc-storage")
    return demo_copy


def test_one_model_and_one_data_set_come_back(place: Path) -> None:
    """DVC has nothing to say of the data set after."""
    here, was = lying(place), recorded(place, BEFORE)
    model, data = commands(place, "Of 1.1.1 ")
    run(model, place)
    assert lying(place) == {**here, MODEL: was[MODEL]}
    run(data, place)
    assert lying(place) == was
    run(f"dvc status {HOLDOUT}.dvc | grep -q 'up to date'", place)


def test_the_whole_version_before_comes_back(place: Path) -> None:
    checkout, pull = commands(place, "Back to 1.1.1")
    if lying(place):
        run(checkout, place)
    else:
        run(checkout.partition(" && ")[0] + " && " + pull, place)
    assert lying(place) == recorded(place, BEFORE)


def test_a_new_clone_gets_the_version_and_can_make_it_anew(demo_copy: Path, tmp_path: Path) -> None:
    clone = cloned(demo_copy, tmp_path / "clone")
    get, anew = commands(clone, "This version")
    run(get, clone)
    assert lying(clone) == recorded(clone, RELEASE)
    (clone / MODEL).unlink()
    run(anew, clone)
    assert lying(clone) == recorded(clone, RELEASE)


TRAIN = """\
stages:
  train:
    cmd: mkdir -p models && cat raw.csv params.yaml > model.pkl
    deps: [raw.csv]
    params: [lr]
    outs: [model.pkl]
  report:
    cmd: sort raw.csv > report.txt
    deps: [raw.csv]
    outs: [report.txt]
"""
RENAMED = TRAIN.replace("model.pkl", "models/best-model.pkl")
FROZEN = RENAMED.replace("  train:", "  train:\n    frozen: true")
TEMPLATES = RENAMED.replace("sort raw.csv", "sort raw.csv -k ${lr}")


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory, served_programs: Path) -> Path:
    """Versions of a project that stop DVC in a clean checkout in one way each; all data is on the remote."""
    place = tmp_path_factory.mktemp("road") / "repo"
    place.mkdir()

    def tagged(version: str, steps: str) -> None:
        run(f"{steps} && git add --all && git commit -qm {version} && git tag {version}", place)

    def defined(text: str) -> str:
        return f"cat > dvc.yaml <<'END'\n{text}END\ntrue"

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path_with(served_programs))
        identity = "git config user.name A && git config user.email a@b"
        run(f"git init -q && {identity} && dvc init -q", place)
        run(f"dvc remote add -q -d storage {place}/../storage", place)
        raw = "printf 'id\\n1\\n' > raw.csv && dvc add -q raw.csv && echo 'lr: 1' > params.yaml"
        tagged("first", f"{raw} && {defined(TRAIN)} && dvc repro -q && dvc push -q")
        tagged("renamed", f"{defined(RENAMED)} && echo 'lr: 2' > params.yaml && dvc repro -q && dvc push -q")
        tagged("frozen", defined(FROZEN))
        tagged("unlocked", f"mv dvc.lock ../ && {defined(RENAMED)}")
        templates = f"{defined(TEMPLATES)} && git rm -q --cached params.yaml && dvc add -q params.yaml"
        tagged("templated", f"mv ../dvc.lock . && {templates} && dvc repro -q && dvc push -q")
        tagged("unresolved", "mv params.yaml.dvc params.yaml ../ && printf '\\n# x\\n' >> dvc.yaml")
        tagged("bare", "mv ../params.yaml* . && git rm -rq --cached .dvc && mv .dvc ../")
        tagged("last", "mv ../.dvc .")
    return place


RAW, BEST = {"raw.csv", "report.txt"}, {"models/best-model.pkl"}
PARAMS = {"params.yaml"}
ANEW = "dvc repro --force runs its pipeline anew"
UNRECORDED = "of models/best-model.pkl and report.txt no version is recorded"
UNREAD = "DVC cannot read dvc.yaml there, so that its other commands fail"
BARE = "Git has no directory .dvc there: in a new clone DVC fails before dvc init"


@pytest.mark.parametrize(
    ("version", "expected", "brought"),
    [
        ("first", f"git checkout first && dvc pull; {ANEW}", {*RAW, "model.pkl"}),
        ("frozen", f"git checkout frozen && dvc pull; {ANEW}, but for train, which is frozen", {*RAW, *BEST}),
        (
            "unlocked",
            f"git checkout unlocked && dvc pull --allow-missing; {UNRECORDED}; {ANEW}",
            {*RAW, *BEST},
        ),
        (
            "templated",
            f"git checkout templated && dvc pull params.yaml.dvc && dvc pull; {ANEW}",
            {*RAW, *BEST, *PARAMS},
        ),
        ("unresolved", f"git checkout unresolved && dvc pull raw.csv.dvc; {UNREAD}", {"raw.csv"}),
        ("bare", f"git checkout bare; {BARE}", set()),
    ],
)
def test_no_command_is_offered_that_fails_in_a_new_clone(
    road: Path, tmp_path: Path, version: str, expected: str, brought: set[str]
) -> None:
    assert str(line_of(road, "This version: ", version)) == f"This version: {expected}"
    clone = tmp_path / "clone"
    run(f"git clone --quiet {road} {clone}", road)
    for command in commands(road, "This version: ", version):
        run(command, clone)
    made = {"raw.csv", "report.txt", "model.pkl", "models/best-model.pkl"} | (
        PARAMS if brought & PARAMS else set()
    )
    assert {path for path in made if (clone / path).exists()} == brought


@pytest.mark.parametrize(
    "version", ["renamed", "frozen", "unlocked", "templated", "unresolved", "bare", "last"]
)
def test_no_way_back_fails(road: Path, tmp_path: Path, version: str) -> None:
    """With the cache by the first command, in a new clone by the second."""
    for number, way in enumerate(commands(road, "Back to ", version)):
        clone = tmp_path / f"clone{number}"
        run(f"git clone --quiet {road} {clone}", road)
        if number == 0:
            shutil.copytree(road / ".dvc/cache", clone / ".dvc/cache")
            run(way, clone)
        else:
            checkout = commands(road, "Back to ", version)[0].partition(" && ")[0]
            run(f"{checkout} && {way}", clone)


def test_a_renamed_model_comes_back_under_its_new_name(road: Path, tmp_path: Path) -> None:
    [get] = commands(road, "Of first only the model: ", "renamed")
    assert get == "dvc get . model.pkl --rev first --out models/best-model.pkl --force"
    clone = tmp_path / "clone"
    run(f"git clone --quiet --branch renamed {road} {clone}", road)
    run(get, clone)
    assert (clone / "models/best-model.pkl").read_text() == "id\n1\nlr: 1\n"
