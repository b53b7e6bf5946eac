"""What the environments of CI systems say, in the words of their documentation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.config import CI, seen

COMMIT, BEFORE, NONE = "a" * 40, "b" * 40, "0" * 40
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "team/churn",
    "GITHUB_API_URL": "https://api.example.org",
    "GITHUB_SERVER_URL": "https://forge.example.org",
    "GITHUB_RUN_ID": "7",
    "GITHUB_STEP_SUMMARY": "/tmp/summary",
}
OF_GITHUB: dict[str, Any] = {
    "repository": "team/churn",
    "api": "https://api.example.org",
    "url": "https://forge.example.org/team/churn/actions/runs/7",
    "summary": "/tmp/summary",
}
PULL = {
    "number": 12,
    "head": {"ref": "tune", "sha": COMMIT, "repo": {"full_name": "team/churn"}},
    "base": {"ref": "main"},
}
FORK = {**PULL, "head": {**PULL["head"], "repo": {"full_name": "ada/churn"}}}  # type: ignore[dict-item]
GONE = {**PULL, "head": {**PULL["head"], "repo": None}}  # type: ignore[dict-item]

EVENTS: list[tuple[dict[str, str], object, CI]] = [
    (
        {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "tune"},
        {"pull_request": PULL, "repository": {"default_branch": "trunk"}},
        CI("github", "main", "tune", COMMIT, default="trunk", number=12, **OF_GITHUB),
    ),
    (
        {"GITHUB_EVENT_NAME": "pull_request_target"},
        {"pull_request": FORK},
        CI("github", "main", "tune", COMMIT, number=12, fork=True, **OF_GITHUB),
    ),
    (
        {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "tune"},
        {"pull_request": GONE},
        CI("github", "main", "tune", COMMIT, number=12, fork=True, **OF_GITHUB),
    ),
    (
        {"GITHUB_EVENT_NAME": "push"},
        {"before": BEFORE, "repository": {"default_branch": "main"}},
        CI("github", before=BEFORE, default="main", **OF_GITHUB),
    ),
    ({"GITHUB_EVENT_NAME": "push"}, {"before": NONE}, CI("github", **OF_GITHUB)),
    (
        {"GITEA_ACTIONS": "true"},
        {"pull_request": PULL},
        CI("gitea", "main", "tune", COMMIT, number=12, **OF_GITHUB),
    ),
    ({}, ["no", "table"], CI("github", **OF_GITHUB)),
    ({}, {"pull_request": {"number": "12; rm", "head": 3}}, CI("github", fork=True, **OF_GITHUB)),
]

OTHERS: list[tuple[dict[str, str], CI | None]] = [
    ({}, None),
    ({"CI": "true"}, None),
    ({"GITHUB_ACTIONS": "true"}, CI("github")),
    (
        {
            "GITLAB_CI": "true",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "tune",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_PROJECT_ID": "4",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_COMMIT_BEFORE_SHA": NONE,
            "CI_DEFAULT_BRANCH": "trunk",
            "CI_PROJECT_ID": "5",
            "CI_API_V4_URL": "https://lab.example.org/api/v4",
            "CI_JOB_URL": "https://lab.example.org/jobs/1",
        },
        CI(
            *("gitlab", "main", "tune"),
            default="trunk",
            number=3,
            repository="4",
            api="https://lab.example.org/api/v4",
            url="https://lab.example.org/jobs/1",
            fork=True,
        ),
    ),
    (
        {"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": BEFORE, "CI_PROJECT_ID": "4"},
        CI("gitlab", before=BEFORE, repository="4"),
    ),
    (
        {
            "BITBUCKET_BUILD_NUMBER": "9",
            "BITBUCKET_PR_ID": "2",
            "BITBUCKET_PR_DESTINATION_BRANCH": "main",
            "BITBUCKET_BRANCH": "tune",
            "BITBUCKET_REPO_FULL_NAME": "team/churn",
        },
        CI("bitbucket", "main", "tune", number=2, repository="team/churn"),
    ),
    ({"BITBUCKET_BUILD_NUMBER": "9", "BITBUCKET_BRANCH": "tune"}, CI("bitbucket")),
    (
        {
            "TF_BUILD": "True",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/tune",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": COMMIT,
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "8",
            "SYSTEM_PULLREQUEST_ISFORK": "True",
        },
        CI("azure", "main", "tune", COMMIT, number=8, fork=True),
    ),
    (
        {
            "JENKINS_URL": "x",
            "CHANGE_TARGET": "main",
            "CHANGE_BRANCH": "tune",
            "CHANGE_ID": "6",
            "BUILD_URL": "u",
        },
        CI("jenkins", "main", "tune", number=6, url="u"),
    ),
]


OTHERS += [
    (
        {
            "PRE_COMMIT_TO_REF": COMMIT,
            "PRE_COMMIT_FROM_REF": BEFORE,
            "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/tune",
            "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/other",
        },
        CI("pre-commit", branch="tune", commit_id=COMMIT, before=BEFORE),
    ),
    ({"PRE_COMMIT_TO_REF": COMMIT}, CI("pre-commit", commit_id=COMMIT)),
]


@pytest.mark.parametrize(("variables", "event", "expected"), EVENTS)
def test_an_event_of_github(variables: dict[str, str], event: object, expected: CI, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    assert seen({**GITHUB, **variables, "GITHUB_EVENT_PATH": str(path)}) == expected


@pytest.mark.parametrize(("variables", "expected"), OTHERS)
def test_other_systems(variables: dict[str, str], expected: CI | None) -> None:
    assert seen(variables) == expected


@settings(max_examples=30)
@given(st.binary(max_size=80))
def test_no_event_is_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "event.json"
    path.write_bytes(content)
    found = seen({**GITHUB, "GITHUB_EVENT_PATH": str(path)})
    assert found == CI("github", **OF_GITHUB)
    assert seen({**GITHUB, "GITHUB_EVENT_PATH": str(path.parent)}) == found
