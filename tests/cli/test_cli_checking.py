"""`check` as a person and as CI run it: what is printed, written and shown, and the exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from workflows.branches import project

from dvc_changelog.cli import reviewing
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.request import Request
from dvc_changelog.errors import DocumentError
from dvc_changelog.render.schemas import schema

__all__ = ["isolated"]


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "Ada")
            patch.setenv(f"GIT_{name}_EMAIL", "ada@example.org")
        repo = GitRepo.init(tmp_path_factory.mktemp("check") / "repo")
        repo.commit("Begin", project())
        repo.git("checkout", "-q", "-b", "tune")
        repo.commit("Tune", {"params.yaml": "lr: 0.2\n"})
    return repo


def check(
    request: Request, base: str | None = None, *, workspace: bool = False, format_: str = "text"
) -> int:
    compared = reviewing.Compared(base, None, workspace=workspace, deepen=False)
    return reviewing.check(request, compared, format_, annotated=None)


@pytest.fixture
def request_(stale: GitRepo) -> Request:
    return Request(repo=stale.path, verbosity=Verbosity.QUIET)


def test_what_was_found_is_printed_and_fails(request_: Request, capfd: pytest.CaptureFixture[str]) -> None:
    assert check(request_) == 3
    out, err = capfd.readouterr()
    assert out.startswith(
        "1 of 5 rules does not hold: tune, compared with main.\n\nstale-lock: The stage train"
    )
    assert "\n  `dvc repro train`, then commit dvc.lock and m.json.\n" in out
    assert err == ""


def test_what_need_not_hold_does_not_fail(request_: Request, capfd: pytest.CaptureFixture[str]) -> None:
    assert check(replace(request_, overrides={"fail_on": ["threshold"]})) == 0
    assert "stale-lock (does not fail): " in capfd.readouterr().out


def test_a_document_for_machines_stands_alone(
    request_: Request, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert check(request_, "main", format_="json") == 3
    data = json.loads(capfd.readouterr().out)
    Draft202012Validator(schema("check")).validate(data)
    assert [found["rule"] for found in data["findings"]] == ["stale-lock"]
    place = tmp_path / "reports" / "check.xml"
    assert check(replace(request_, output=str(place)), "main", format_="junit") == 3
    (suite,) = JUnitXml.fromfile(str(place))
    assert (suite.tests, suite.failures) == (5, 1)
    assert capfd.readouterr().out.startswith("1 of 5 rules")
    assert check(replace(request_, output=str(place)), "main", format_="text") == 3
    assert place.read_text(encoding="utf-8") == capfd.readouterr().out
    with pytest.raises(DocumentError, match="is a directory"):
        check(replace(request_, output=str(tmp_path)), "main", format_="junit")


def test_github_shows_it_at_the_file_and_on_the_runs_page(
    request_: Request, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    assert check(request_, "main", format_="junit") == 3
    out, err = capfd.readouterr()
    assert out.startswith("<?xml")
    assert err.startswith("::error file=dvc.lock,title=dvc-changelog%3A stale-lock::The stage train is not")
    assert err.count("\n") == 1
    shown = page.read_text(encoding="utf-8")
    assert shown.startswith("### 1 of 5 rules does not hold: tune, compared with main.\n\n- **stale-lock**: ")
    assert "`dvc.lock`<br>`dvc repro train`, then commit dvc.lock and m.json.\n" in shown


def test_the_working_tree_is_looked_at_before_a_commit(
    stale: GitRepo, request_: Request, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check(request_, workspace=True) == 3
    assert "the working tree, compared with main" in capfd.readouterr().out
