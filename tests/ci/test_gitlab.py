"""templates/review.yml, as GitLab makes a job of it and its runner runs that: for a merge request."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from cigrounds import TOP, Origin, complaints, git, machine, once, seed
from forgeserver import PROJECT, SECRET, serving

TEMPLATE = TOP / "templates" / "review.yml"
SPEC: dict[str, Any]
BODY: dict[str, Any]
SPEC, BODY = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
INPUTS: dict[str, Any] = SPEC["spec"]["inputs"]
_INPUT = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*\]\]")
_TYPES: Mapping[str, type] = {"string": str, "boolean": bool}


def filled(node: Any, given: Mapping[str, Any]) -> Any:
    """A part of the file with its inputs; one that is a whole text keeps its type."""
    if isinstance(node, dict):
        return {filled(key, given): filled(value, given) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(value, given) for value in node]
    if not isinstance(node, str):
        return node
    if whole := _INPUT.fullmatch(node):
        return given[whole[1]]
    return _INPUT.sub(lambda found: _written(given[found[1]]), node)


def _written(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def job_of(**inputs: Any) -> tuple[str, dict[str, Any]]:
    """The one job that including the file makes, by its name. Inputs are written with `_` for `-`."""
    asked = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert asked.keys() <= INPUTS.keys()
    given = {name: asked.get(name, about["default"]) for name, about in INPUTS.items()}
    for name, value in given.items():
        assert isinstance(value, _TYPES[INPUTS[name].get("type", "string")])
        assert value in INPUTS[name].get("options", [value])
    ((name, job),) = filled(BODY, given).items()
    return name, job


@dataclass
class Ran:
    code: int
    log: str
    project: Path

    def text(self, name: str) -> str:
        return (self.project / name).read_text(encoding="utf-8")


@dataclass
class Runner:
    """A runner whose image has the shell that is named."""

    project: Path
    environ: dict[str, str]
    shell: str = "bash"

    def run(self, **inputs: Any) -> Ran:
        _, job = job_of(**inputs)
        told = {
            name: value["value"] if isinstance(value, dict) else value
            for name, value in job["variables"].items()
        }
        assert all(isinstance(value, str) for value in told.values())
        begin = (
            "set -eo pipefail\nset +o noclobber\n" if self.shell == "bash" else "set -e\nset +o noclobber\n"
        )
        done = subprocess.run(
            [self.shell],
            input=begin + "\n".join(job["script"]) + "\n",
            cwd=self.project,
            env={**self.environ, **told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stdout, self.project)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, worker_id: str, checkout: Path) -> str:
    """The address of this project as a package."""

    def build(into: Path) -> None:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)]
        subprocess.run(command, cwd=checkout, check=True, capture_output=True)

    (path,) = once(tmp_path_factory, worker_id, "wheel", build).glob("*.whl")
    return path.as_uri()


@pytest.fixture
def runner(tmp_path: Path, origin: Origin) -> Runner:
    """A runner that has cloned nothing yet."""
    project = tmp_path / "builds" / "models"
    project.mkdir(parents=True)
    seed(Path(f"{project}.tmp") / "dvc-changelog")
    return Runner(project, machine(tmp_path))


def clone(runner: Runner, origin: Origin, request: str, server: str, source: str = PROJECT) -> None:
    """What GIT_DEPTH=0 leaves in a merge request's pipeline: its branch whole, and no other one."""
    git(runner.project, "init", "--quiet", "--template=")
    git(runner.project, "remote", "add", "origin", origin.url)
    ref = "refs/pipelines/1"
    git(runner.project, "fetch", "--quiet", "origin", f"+refs/merge-requests/{request}/head:{ref}")
    git(runner.project, "checkout", "--quiet", "--force", "--detach", ref)
    runner.environ |= {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{server}/api/v4",
        "CI_COMMIT_SHA": origin.commit(request),
        "CI_DEFAULT_BRANCH": "main",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_PROJECT_ID": PROJECT,
        "CI_MERGE_REQUEST_PROJECT_PATH": "team/models",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": request,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_PROJECT_DIR": str(runner.project),
        "CI_PROJECT_ID": source,
        "CI_SERVER_URL": server,
    }


def test_component_is_of_the_published_schema(tmp_path: Path) -> None:
    """Its two documents are checked each by itself: the schema, which check-jsonschema has, is of one."""
    header, job = tmp_path / "spec.gitlab-ci.yml", tmp_path / "job.gitlab-ci.yml"
    header.write_text(yaml.safe_dump(SPEC), encoding="utf-8")
    job.write_text(yaml.safe_dump(dict([job_of()])), encoding="utf-8")
    assert complaints("gitlab-ci", header, job) == ""


def test_job_is_of_merge_requests_and_shows_its_result_there() -> None:
    name, job = job_of(job_name="model review", stage="review", image="registry/ours")
    assert (name, job["stage"], job["image"]) == ("model review", "review", "registry/ours")
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert job["variables"]["GIT_DEPTH"] == "0"
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"] in job["artifacts"]["paths"]


def test_no_input_is_code() -> None:
    (job,) = BODY.values()
    assert not any(_INPUT.search(line) for line in job["script"])
    given = {name: f"${{{name}}}" for name in INPUTS}
    for value in filled(job, given)["variables"].values():
        assert isinstance(value, str) or value["expand"] is False


def test_each_input_is_used() -> None:
    used = set(_INPUT.findall(TEMPLATE.read_text(encoding="utf-8")))
    assert used == INPUTS.keys()


def test_review_comments_and_leaves_reports(runner: Runner, origin: Origin, wheel: str) -> None:
    with serving("gitlab") as forge:
        clone(runner, origin, "bad", forge.url)
        runner.environ["GITLAB_TOKEN"] = SECRET
        ran = runner.run(version=wheel, args="--no-annotations --include-path *", directory="src", id="")
        assert ran.code == 3, ran.log
        (text,) = forge.texts()
    assert text.startswith("<!-- dvc-changelog review id=default -->")
    assert "router" in text
    assert "router" in ran.text("dvc-changelog.md")
    suite = ET.fromstring(ran.text("dvc-changelog.xml"))
    assert [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert "the branch ran" not in ran.log
    assert SECRET not in ran.log


@pytest.mark.skipif(not shutil.which("dash"), reason="no dash here, which images without bash have")
def test_merge_request_of_a_fork_passes_without_a_token(runner: Runner, origin: Origin, wheel: str) -> None:
    runner.shell = "dash"
    with serving("gitlab") as forge:
        clone(runner, origin, "good", forge.url, source="8")
        ran = runner.run(version=wheel, fail_on="threshold,unreadable")
        assert ran.code == 0, ran.log
        assert forge.asked == []
    assert "router" in ran.text("dvc-changelog.md")
