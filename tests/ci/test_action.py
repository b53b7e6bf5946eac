"""action.yml, run as GitHub's runner does: its steps in order, in a shallow clone of a pull request."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from actionrunner import EXPRESSION, Job
from cigrounds import REPOSITORY, TOP, Origin, complaints, git, machine, once, seed
from forgeserver import SECRET, ForgeServer, serving

ACTION: dict[str, Any] = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"action_{name}", TOP / "action" / f"{name}.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, worker_id: str, checkout: Path) -> Path:
    """The temporary directory of a runner after the action's first use."""

    def build(into: Path) -> None:
        seed(into / "dvc-changelog" / "venv")
        job = Job(checkout, into, into, machine(into))
        job.run(command="none")
        assert job.codes == {"python": 0, "install": 0, "run": 2}, job.log

    return once(tmp_path_factory, worker_id, "installed", build)


@pytest.fixture
def job(tmp_path: Path, installed: Path, checkout: Path) -> Job:
    """A job that has checked nothing out yet."""
    home = tmp_path / "temp" / "dvc-changelog"
    home.mkdir(parents=True)
    (home / "venv").symlink_to(installed / "dvc-changelog" / "venv")
    shutil.copy(installed / "dvc-changelog" / "installed.txt", home)
    workspace = tmp_path / "models"
    workspace.mkdir()
    return Job(checkout, workspace, tmp_path / "temp", machine(tmp_path))


def check_out(job: Job, origin: Origin, pull: str, server: str) -> None:
    """What `actions/checkout` leaves of a pull request by default, and what the runner says of it."""
    git(job.workspace, "init", "--quiet", "--template=")
    git(job.workspace, "remote", "add", "origin", origin.url)
    merge, ref = origin.commit(f"refs/pull/{pull}/merge"), f"refs/remotes/pull/{pull}/merge"
    git(job.workspace, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", f"+{merge}:{ref}")
    git(job.workspace, "checkout", "--quiet", "--force", ref)
    repository = {"full_name": REPOSITORY, "default_branch": "main"}
    event = {
        "action": "synchronize",
        "number": 12,
        "pull_request": {
            "number": 12,
            "head": {"ref": pull, "sha": origin.commit(pull), "repo": repository},
            "base": {"ref": "main", "sha": origin.commit("main"), "repo": repository},
        },
        "repository": repository,
    }
    (job.temp / "event.json").write_text(json.dumps(event), encoding="utf-8")
    job.environ |= {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(job.temp / "event.json"),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": pull,
        "GITHUB_REF": f"refs/pull/{pull}/merge",
        "GITHUB_SHA": merge,
        "GITHUB_SERVER_URL": server,
        "GITHUB_API_URL": server,
        "GITHUB_RUN_ID": "1",
    }
    job.token = SECRET


def test_action_is_of_the_published_schema() -> None:
    assert complaints("github-actions", TOP / "action.yml") == ""


def test_no_input_is_code() -> None:
    """What stands in a script is run. An input may be a branch's name, which anybody may choose."""
    for step in STEPS:
        assert not EXPRESSION.search(step.get("run", "")), step["id"]


def test_each_input_is_used_and_each_step_from_elsewhere_pinned() -> None:
    used = {name.strip() for step in STEPS for name in EXPRESSION.findall(str(step))}
    for name in ACTION["inputs"]:
        assert any(f"inputs.{name}" in expression for expression in used), name
    for step in STEPS:
        if "uses" in step:
            assert len(step["uses"].partition("@")[2]) == 40, step["uses"]


def test_review_comments_once_on_a_pull_request(job: Job, origin: Origin) -> None:
    with serving("github") as forge:
        check_out(job, origin, "good", forge.url)
        job.environ["PYTHONPATH"] = str(job.workspace)
        outputs = job.run()
        assert job.codes == {"python": 0, "install": 0, "run": 0}, job.log
        (text,) = forge.texts()
        again = job.run()
        assert forge.texts() == [text]
    assert again == outputs
    assert outputs["failed"] == "false"
    assert (outputs["version"], outputs["level"]) == ("v1.2.0", "minor")
    assert json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))["review"]["target"] == "main"
    assert outputs["plots"] == ""
    assert "router" in text
    assert "the branch ran" not in job.log
    assert SECRET not in job.log


def test_review_comments_on_gitea_with_its_own_library(job: Job, origin: Origin) -> None:
    """Its runner has GitHub's variables, and one of its own; its token goes to it alone."""
    stamp = job.temp / "dvc-changelog" / "installed.txt"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace("[github]", "[gitea]"), encoding="utf-8")
    with serving("gitea") as forge:
        check_out(job, origin, "good", forge.url)
        job.environ |= {"GITEA_ACTIONS": "true", "GITHUB_API_URL": f"{forge.url}/api/v1"}
        job.run()
        assert job.codes["run"] == 0, job.log
        assert len(forge.texts()) == 1


def test_review_of_a_fork_is_in_the_summary(job: Job, origin: Origin) -> None:
    """The token of a fork's pull request only reads: that is no failure."""
    with serving("github") as forge:
        forge.read_only = True
        check_out(job, origin, "good", forge.url)
        assert job.run()["failed"] == "false"
        assert job.codes["run"] == 0, job.log
        assert forge.texts() == []
    assert "router" in job.summary


def test_failing_review_fails_the_step_and_tells_its_outputs(job: Job, origin: Origin) -> None:
    with serving("github") as forge:
        check_out(job, origin, "bad", forge.url)
        outputs = job.run(id="nightly", post="false", working_directory="src", plots="false")
        assert forge.asked == []
    assert job.codes["run"] == 3, job.log
    assert outputs["failed"] == "true"
    assert Path(outputs["report"]).name == "review-nightly.json"
    assert "::error" in job.log


def test_check_needs_no_pull_request(job: Job, origin: Origin) -> None:
    """A push to a branch; the rules that are asked for hold."""
    git(job.workspace, "clone", "--quiet", "--depth=1", "--branch=bad", origin.url, ".")
    event = {"before": "0" * 40, "repository": {"full_name": REPOSITORY, "default_branch": "main"}}
    (job.temp / "event.json").write_text(json.dumps(event), encoding="utf-8")
    job.environ |= {
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(job.temp / "event.json"),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REF": "refs/heads/bad",
    }
    outputs = job.run(command="check", fail_on="stale-lock, unreadable")
    assert job.codes["run"] == 0, job.log
    assert outputs["failed"] == "false"
    assert job.run(command="check", fail_on="threshold")["failed"] == "true"


def test_python_is_got_where_the_job_has_none_that_will_do(job: Job, tmp_path: Path) -> None:
    """The job's own is too old; what is got leaves the job's environment alone."""
    old = tmp_path / "old" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (old.parent / "python").symlink_to(old)
    job.environ["PATH"] = f"{old.parent}:{Path(str(shutil.which('bash'))).parent}"
    job.get = lambda _name, _given: {"python-path": sys.executable}
    job.run(command="none")
    ((name, given),) = job.used
    assert name.startswith("actions/setup-python@")
    assert given == {"python-version": "3.12", "update-environment": "false"}
    job.used.clear()
    job.environ["PATH"] = machine(tmp_path)["PATH"]
    job.run(command="none", python_version="3.13")
    assert job.used[0][1]["python-version"] == "3.13"


EVENT = {"INPUT_COMMAND": "review", "INPUT_POST": "true"}


@pytest.mark.parametrize(
    ("inputs", "pull", "expected"),
    [
        ({}, False, []),
        ({}, True, ["--post", "--id=default"]),
        ({"INPUT_ID": " "}, True, ["--post", "--id=default"]),
        ({"INPUT_ID": "a b"}, True, ["--post", "--id=a b"]),
        ({"INPUT_POST": "False"}, True, []),
        ({"INPUT_COMMAND": "check", "INPUT_PLOTS": "true"}, True, []),
        ({"INPUT_PLOTS": "true"}, False, ["--plots=images"]),
        ({"INPUT_DEEPEN": "true", "INPUT_FETCH": "true"}, False, ["--deepen", "--fetch"]),
        ({"INPUT_FAIL_ON": "--post"}, False, ["--fail-on=--post"]),
        ({"INPUT_BASE": "--output=x"}, False, ["--", "--output=x"]),
        (
            {"INPUT_ARGS": "--project 'a b' $(id)", "INPUT_BASE": "main"},
            False,
            ["--project", "a b", "$(id)", "--", "main"],
        ),
    ],
)
def test_arguments(inputs: Mapping[str, str], pull: bool, expected: list[str], tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {}}' if pull else "{}")
    environ = {**EVENT, **inputs, "GITHUB_EVENT_PATH": str(event)}
    given = module("run").arguments(environ, Path("report"), Path("images"))
    assert given == [environ["INPUT_COMMAND"], "--format", "json", "--output", "report", *expected]


@pytest.mark.parametrize(
    "inputs",
    [
        {"INPUT_COMMAND": "release"},
        {"INPUT_FETCH": "yes"},
        {"INPUT_ARGS": "'open"},
        {"INPUT_ARGS": "--format=html"},
    ],
)
def test_input_that_cannot_be_meant_is_named(inputs: Mapping[str, str]) -> None:
    run = module("run")
    name = next(iter(inputs)).removeprefix("INPUT_").lower()
    with pytest.raises(run.InputError, match=f"^{name}: "):
        run.arguments({**EVENT, **inputs}, Path("report"), Path("images"))


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "dvc-changelog[github] @ file:///srv/the%20action/."),
        ({"INPUT_VERSION": "1.2.0rc1", "GITEA_ACTIONS": "true"}, "dvc-changelog[gitea]==1.2.0rc1"),
        (
            {"INPUT_VERSION": ".", "INPUT_PLOTS": "true"},
            "dvc-changelog[github,plots] @ file:///srv/the%20action/.",
        ),
        ({"INPUT_VERSION": "git+https://e.org/x"}, "dvc-changelog[github] @ git+https://e.org/x"),
    ],
)
def test_requirement(environ: Mapping[str, str], expected: str) -> None:
    action = {"GITHUB_ACTION_PATH": "/srv/the action"}
    assert module("install").requirement({**action, **environ}) == expected


def test_forge_of_the_tests_has_one_repository() -> None:
    assert ForgeServer("github").place.repository == REPOSITORY
