"""What the environment of a CI system says of the branch under review. It knows no Git."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class CI:
    """A run of a CI system.

    `system` is "github", "gitlab", "gitea", "bitbucket", "azure" or "jenkins"; "pre-commit" is its hook
    before a push. `target` is the branch that a pull request goes to, `branch` the one that it brings, ""
    where the run is of none. `commit_id` is the branch's own commit, where another one is checked out
    (GitHub: the merge of both). `before` is the commit that a push replaced, "" where the run is of no
    push. `default` is the name of the default branch.

    `number` is the pull request's, 0 for none; `repository` is "owner/name", on GitLab the project's id;
    `api` is where the forge's API is, `url` the page of the run. `fork` says that the branch is of another
    repository, whose runs get no token that may write. `summary` is the file for what the run's page shows.
    """

    system: str
    target: str = ""
    branch: str = ""
    commit_id: str = ""
    before: str = ""
    default: str = ""
    number: int = 0
    repository: str = ""
    api: str = ""
    url: str = ""
    fork: bool = False
    summary: str = ""


def seen(environ: Mapping[str, str]) -> CI | None:
    """The CI system that an environment is of.

    Args:
        environ: as `os.environ`. The names are those of the systems' own documentation.

    Returns:
        None outside of CI. What the system does not say is "" or 0; nothing is asked of a network.
    """
    return next((read(environ) for flag, read in _SYSTEMS.items() if environ.get(flag)), None)


def _github(environ: Mapping[str, str]) -> CI:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    pull = _table(event.get("pull_request"))
    head, base = _table(pull.get("head")), _table(pull.get("base"))
    repository = environ.get("GITHUB_REPOSITORY", "")
    server = environ.get("GITHUB_SERVER_URL", "").rstrip("/")
    run = environ.get("GITHUB_RUN_ID", "")
    from_repository = _text(_table(head.get("repo")), "full_name")
    pushed = environ.get("GITHUB_EVENT_NAME") == "push"
    return CI(
        # Gitea and Forgejo run the actions of GitHub, under GitHub's names.
        system="gitea" if environ.get("GITEA_ACTIONS") or environ.get("FORGEJO_ACTIONS") else "github",
        target=environ.get("GITHUB_BASE_REF", "") or _text(base, "ref"),
        branch=environ.get("GITHUB_HEAD_REF", "") or _text(head, "ref"),
        commit_id=_text(head, "sha"),
        before=_commit(_text(event, "before")) if pushed else "",
        default=_text(_table(event.get("repository")), "default_branch"),
        number=_number(pull.get("number")),
        repository=repository,
        api=environ.get("GITHUB_API_URL", ""),
        url=f"{server}/{repository}/actions/runs/{run}" if server and run else "",
        fork=bool(pull) and from_repository != repository,
        summary=environ.get("GITHUB_STEP_SUMMARY", ""),
    )


def _gitlab(environ: Mapping[str, str]) -> CI:
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    into = environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    return CI(
        system="gitlab",
        target=environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
        branch=environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", ""),
        # A run of the merged result checks out a merge; outside of one this is empty.
        commit_id=environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
        before="" if into else _commit(environ.get("CI_COMMIT_BEFORE_SHA", "")),
        default=environ.get("CI_DEFAULT_BRANCH", ""),
        number=_number(environ.get("CI_MERGE_REQUEST_IID")),
        repository=into or environ.get("CI_PROJECT_ID", ""),
        api=environ.get("CI_API_V4_URL", ""),
        url=environ.get("CI_JOB_URL", ""),
        fork=bool(source) and source != into,
    )


def _bitbucket(environ: Mapping[str, str]) -> CI:
    return CI(
        system="bitbucket",
        target=environ.get("BITBUCKET_PR_DESTINATION_BRANCH", ""),
        branch=environ.get("BITBUCKET_BRANCH", "") if environ.get("BITBUCKET_PR_ID") else "",
        number=_number(environ.get("BITBUCKET_PR_ID")),
        repository=environ.get("BITBUCKET_REPO_FULL_NAME", ""),
    )


def _azure(environ: Mapping[str, str]) -> CI:
    return CI(
        system="azure",
        target=_branch(environ.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "")),
        branch=_branch(environ.get("SYSTEM_PULLREQUEST_SOURCEBRANCH", "")),
        commit_id=environ.get("SYSTEM_PULLREQUEST_SOURCECOMMITID", ""),
        number=_number(
            environ.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
            or environ.get("SYSTEM_PULLREQUEST_PULLREQUESTID")
        ),
        repository=environ.get("BUILD_REPOSITORY_NAME", ""),
        fork=environ.get("SYSTEM_PULLREQUEST_ISFORK", "").lower() == "true",
    )


def _jenkins(environ: Mapping[str, str]) -> CI:
    return CI(
        system="jenkins",
        target=environ.get("CHANGE_TARGET", ""),
        branch=environ.get("CHANGE_BRANCH", ""),
        number=_number(environ.get("CHANGE_ID")),
        url=environ.get("BUILD_URL", ""),
        fork=bool(environ.get("CHANGE_FORK")),
    )


def _pre_commit(environ: Mapping[str, str]) -> CI:
    remote = environ.get("PRE_COMMIT_REMOTE_BRANCH", "")
    return CI(
        system="pre-commit",
        branch=_branch(environ.get("PRE_COMMIT_LOCAL_BRANCH", "") or remote),
        commit_id=environ.get("PRE_COMMIT_TO_REF", ""),
        before=_commit(environ.get("PRE_COMMIT_FROM_REF", "")),
    )


_SYSTEMS: Mapping[str, Callable[[Mapping[str, str]], CI]] = MappingProxyType(
    {
        "GITHUB_ACTIONS": _github,
        "GITLAB_CI": _gitlab,
        "BITBUCKET_BUILD_NUMBER": _bitbucket,
        "TF_BUILD": _azure,
        "JENKINS_URL": _jenkins,
        "PRE_COMMIT_TO_REF": _pre_commit,
    }
)


def _event(path: str) -> Mapping[str, Any]:
    """The event that started a run; empty where there is none, or it is no JSON."""
    try:
        return _table(json.loads(Path(path).read_text(encoding="utf-8"))) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """A pull request's number; 0 for what is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and not isinstance(value, bool) else 0


def _commit(text: str) -> str:
    """A commit; "" for the zeros that stand for none."""
    return text if text.strip("0") else ""


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")
