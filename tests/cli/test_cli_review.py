"""`review` as a person and as CI run it: what is printed, posted, written and shown, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clirun import Ran, Run
from forgeserver import SECRET, Fault, ForgeServer, serving
from gitrepo import GitRepo
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from workflows.branches import begun, branch, metrics, project

from dvc_changelog.render.schemas import schema

__all__ = ["begun", "branch"]

LIMITS = '[metric-rules]\nlatency = {better = "lower", max = 50}\nauc = {better = "higher"}\n'

Review = Callable[..., Ran]


@pytest.fixture
def review(run: Run, branch: GitRepo) -> Review:
    """Reviews a branch that retrained its model, which became better and too slow."""
    files = project(model="2", lr=0.2, values=metrics(auc=0.95, latency=55))
    branch.commit("Retrain", {**files, "dvc-changelog.toml": LIMITS})
    return lambda *args: run("review", *args, at=branch.path)


def test_the_comment_is_printed_and_a_crossed_threshold_is_exit_code_3(review: Review) -> None:
    ran = review()
    assert ran.code == 3
    mark, title = "<!-- dvc-changelog review id=default -->", "### Model review: `tune` into `main`"
    assert ran.out.startswith(f"{mark}\n\n{title}\n\n**1 thing to look at**, which fail")
    assert ran.err.splitlines()[0].startswith("error: latency (m.json) is 55, over the limit of 50.")


KINDS: list[tuple[list[str], int]] = [
    (["--fail-on", "none"], 0),
    (["--fail-on", "regression,stale-lock"], 0),
    (["--fail-on", "regression", "--fail-on", "undocumented"], 3),
    (["--fail-on", "threshold, unreadable"], 3),
]


@pytest.mark.parametrize(("options", "code"), KINDS)
def test_what_it_fails_on_is_said(review: Review, options: list[str], code: int) -> None:
    ran = review(*options)
    assert ran.code == code
    assert ran.out.startswith("<!-- dvc-changelog")


def test_the_last_line_says_what_was_called(review: Review) -> None:
    assert "<sub>`dvc-changelog review --workspace` on the working tree, " in review("--workspace").out
    assert "<sub>`dvc-changelog review main --workspace` on " in review("main", "--workspace").out


def test_a_comment_that_another_tool_posts_has_its_mark(review: Review, tmp_path: Path) -> None:
    assert review("--id", "nightly").out.startswith("<!-- dvc-changelog review id=nightly -->\n")
    place = tmp_path / "review.md"
    review("--id", "nightly", "--output", str(place))
    assert place.read_text(encoding="utf-8").startswith("<!-- dvc-changelog review id=nightly -->\n")


def test_an_empty_name_is_none(review: Review) -> None:
    for name in ("", " "):
        ran = review("--id", name)
        assert ran.out.startswith(
            "<!-- dvc-changelog review id=default -->\n\n### Model review: `tune` into `main`"
        )


def test_an_unknown_kind_is_wrong_usage(review: Review) -> None:
    ran = review("--fail-on", "treshold")
    assert (ran.code, ran.out) == (2, "")
    assert "threshold" in ran.err


def test_json_has_the_release_and_the_review_and_is_valid(review: Review) -> None:
    ran = review("--format", "json")
    data = json.loads(ran.out)
    Draft202012Validator(schema("changelog")).validate(data)
    said = data["review"]
    assert (said["target"], said["branch"], said["passed"], said["behind"]) == ("main", "tune", False, 0)
    found = [(each["rule"], each["fails"]) for each in said["findings"]]
    assert found == [("threshold", True), ("undocumented", False)]
    assert said["next_version"] == {"tag": "v0.1.0", "level": "patch", "current": None, "unknown": None}
    as_they_are = json.loads(review("main", "tune", "--format", "json").out)["review"]
    assert (as_they_are["next_version"], as_they_are["from_merge_base"]) == (None, False)
    checked = schema("check")["$defs"]
    reviewed = schema("changelog")["$defs"]
    assert checked["rule"] == reviewed["rule"]
    assert checked["finding"]["required"] == reviewed["finding"]["required"]


def test_junit_goes_into_a_file_whole(review: Review, tmp_path: Path) -> None:
    place = tmp_path / "reports" / "review.xml"
    ran = review("--format", "junit", "--output", str(place))
    assert (ran.code, ran.out) == (3, "")
    assert f"Wrote {place}." in ran.err
    (suite,) = JUnitXml.fromfile(str(place))
    assert (suite.tests, suite.failures, suite.skipped) == (5, 1, 1)


def test_a_template_and_a_file_for_markdown(review: Review, tmp_path: Path) -> None:
    template, place = tmp_path / "own.j2", tmp_path / "review.md"
    template.write_text("{{ view.title }}!\n")
    assert review("--template", str(template)).out == "main → tune!\n"
    assert review("-o", str(place)).out == ""
    assert place.read_text(encoding="utf-8").startswith("<!-- dvc-changelog")


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ForgeServer]:
    """GitHub Actions on a pull request, and the forge that it is of."""
    event = tmp_path / "event.json"
    head = {"ref": "tune", "sha": "a" * 40, "repo": {"full_name": "team/models"}}
    event.write_text(json.dumps({"pull_request": {"number": 12, "head": head, "base": {"ref": "main"}}}))
    with serving("github") as server:
        for name, value in {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "team/models",
            "GITHUB_API_URL": server.place.api,
            "GITHUB_BASE_REF": "main",
            "GITHUB_HEAD_REF": "tune",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_TOKEN": SECRET,
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def test_github_gets_one_comment_annotations_and_a_summary(
    review: Review, github: ForgeServer, tmp_path: Path
) -> None:
    first = review("--post")
    assert (first.code, first.out) == (3, "")
    assert "::error file=m.json,title=dvc-changelog%3A threshold::latency (m.json) is 55" in first.err
    assert "The comment of pull request 12 of team/models was created: http" in first.err
    assert "is as it was" in review("--post").err
    assert "was created" in review("--post", "--id", "nightly").err
    assert [text.splitlines()[0] for text in github.texts()] == [
        "<!-- dvc-changelog review id=default -->",
        "<!-- dvc-changelog review id=nightly -->",
    ]
    assert "### Model review: `tune` into `main`" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert review().out.startswith("<!-- dvc-changelog"), "without --post it is printed in CI as elsewhere"
    quiet = review("--no-annotations")
    assert "::error" not in quiet.err
    assert quiet.out.startswith("<!-- dvc-changelog")


def test_what_keeps_a_review_from_being_made_is_annotated(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ran = review("nowhere")
    assert ran.code == 1
    assert "::error title=dvc-changelog::Unknown revision: nowhere%0A" in ran.err
    assert "::error" not in review("nowhere", "--no-annotations").err


def test_a_dry_run_sends_nothing(review: Review, github: ForgeServer) -> None:
    ran = review("--post", "--dry-run", "--id", "nightly")
    assert ran.out.startswith("<!-- dvc-changelog review id=nightly -->")
    assert "Nothing was sent: this would be the comment of pull request 12 of team/models." in ran.err
    assert github.asked == []
    assert SECRET not in ran.out + ran.err


def test_without_permission_it_goes_into_the_summary_and_says_so(
    review: Review, github: ForgeServer, tmp_path: Path
) -> None:
    github.read_only = True
    ran = review("--post", "--fail-on", "none")
    assert ran.code == 0
    assert "pull-requests: write" in ran.err
    assert "summary of this job" in ran.err
    assert "### Model review" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert SECRET not in ran.out + ran.err
    printed = review("--post", "--id", "nightly", "--fail-on", "none", "--no-annotations")
    mark = "<!-- dvc-changelog review id=nightly -->\n\n### Model review (nightly): "
    assert printed.out.startswith(mark), "where no summary is written, it is printed as it would be posted"
    review("--post", "--id", "nightly", "--fail-on", "none")
    assert mark in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_forge_that_fails_loses_nothing(review: Review, github: ForgeServer, tmp_path: Path) -> None:
    github.faults = [Fault(status=422, text='{"message": "Validation Failed"}', method="POST")]
    ran = review("--post", "--fail-on", "none")
    assert ran.code == 1
    assert "Validation Failed" in ran.err
    assert "### Model review" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    github.faults = [Fault(status=422, method="POST")]
    assert review("--post").code == 3, "what it fails on weighs more"


def test_where_it_goes_is_asked_before_any_work(review: Review) -> None:
    ran = review("--post")
    assert (ran.code, ran.out) == (2, "")
    assert "remote-url" in ran.err


def test_pictures_are_written_and_shown_from_a_branch_of_their_own(
    review: Review, branch: GitRepo, github: ForgeServer, tmp_path: Path
) -> None:
    branch.git("tag", "v1.0.0", "main")
    (branch.path / "dvc-changelog.toml").write_text(
        f'remote-url = "https://github.com/team/models"\n{LIMITS}', encoding="utf-8"
    )
    place = tmp_path / "plots"
    alone = review("--post", "--plots", str(place))
    assert "Wrote 2 images to" in alone.err
    assert "The comment has no images, for they could not be published: There is no remote" in alone.err
    assert "![" not in github.texts()[0]
    there = GitRepo.init(tmp_path / "origin", "--bare")
    branch.git("remote", "add", "origin", there.path.as_uri())
    branch.git("push", "-q", "origin", "main", "tune")
    assert "was updated" in review("--post", "--plots", str(place)).err
    commit = there.git("rev-parse", "dvc-changelog-plots")
    (latency,) = [path.name for path in place.iterdir() if "latency" in path.name]
    (body,) = github.texts()
    assert f"](https://github.com/team/models/blob/{commit}/12-default/{latency}?raw=true)" in body
    assert there.git("ls-tree", "-r", "--name-only", commit).splitlines() == sorted(
        f"12-default/{path.name}" for path in place.iterdir()
    )
    assert branch.git("status", "--porcelain") == "M dvc-changelog.toml"
