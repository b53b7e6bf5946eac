"""Which pull request, at which address: from CI, from a remote, or from what is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dvc_changelog.comments.forges import limit_of, speaks_html
from dvc_changelog.comments.place import Place, place_of
from dvc_changelog.config.ci import CI, seen
from dvc_changelog.domain import Forge
from dvc_changelog.errors import UsageError

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "team/models"}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_MERGE_REQUEST_IID": "12",
    "CI_MERGE_REQUEST_PROJECT_ID": "41",
    "CI_MERGE_REQUEST_PROJECT_URL": "https://git.example.org/team/models",
    "CI_API_V4_URL": "https://git.example.org/root/api/v4",
}
BITBUCKET = {
    "BITBUCKET_BUILD_NUMBER": "1",
    "BITBUCKET_PR_ID": "12",
    "BITBUCKET_REPO_FULL_NAME": "team/models",
}


def test_a_workflow_of_a_pull_request_says_all(tmp_path: Path) -> None:
    head = {"ref": "tune", "repo": {"full_name": "ana/models"}}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12, "head": head}}))
    environ = {**GITHUB, "GITHUB_EVENT_PATH": str(event), "GITHUB_API_URL": "https://api.github.com"}
    expected = Place("github", "https://api.github.com", "team/models", 12, fork=True, ci="github")
    assert place_of(seen(environ), environ, forge=None) == expected


IN_CI: list[tuple[dict[str, str], str, str]] = [
    (
        {**GITHUB, "GITHUB_API_URL": "https://ghe.example.org/api/v3"},
        "github",
        "https://ghe.example.org/api/v3",
    ),
    ({**GITHUB, "GITHUB_SERVER_URL": "https://ghe.example.org"}, "github", "https://ghe.example.org/api/v3"),
    ({**GITHUB, "GITHUB_SERVER_URL": "https://github.com"}, "github", "https://api.github.com"),
    ({**GITHUB, "GITHUB_SERVER_URL": "https://we.ghe.com/"}, "github", "https://api.we.ghe.com"),
    (GITHUB, "github", "https://api.github.com"),
    (
        {**GITHUB, "GITEA_ACTIONS": "true", "GITHUB_SERVER_URL": "https://tea.example.org"},
        "gitea",
        "https://tea.example.org/api/v1",
    ),
    (
        {**GITHUB, "FORGEJO_ACTIONS": "true", "GITHUB_API_URL": "https://codeberg.org/api/v1"},
        "gitea",
        "https://codeberg.org/api/v1",
    ),
    (GITLAB, "gitlab", "https://git.example.org/root/api/v4"),
    (
        {**GITLAB, "CI_API_V4_URL": "", "CI_SERVER_URL": "https://git.example.org"},
        "gitlab",
        "https://git.example.org/api/v4",
    ),
    (BITBUCKET, "bitbucket", "https://api.bitbucket.org/2.0"),
    (
        {**BITBUCKET, "DVC_CHANGELOG_API_URL": "http://127.0.0.1:8/2.0/"},
        "bitbucket",
        "http://127.0.0.1:8/2.0",
    ),
    ({**GITLAB, "DVC_CHANGELOG_API_URL": "https://proxy/api/v4"}, "gitlab", "https://proxy/api/v4"),
]


@pytest.mark.parametrize(("environ", "kind", "api"), IN_CI)
def test_in_ci_the_environment_says_where(environ: dict[str, str], kind: str, api: str) -> None:
    place = place_of(seen(environ), environ, forge=None, number=12)
    assert (place.kind, place.api, place.number) == (kind, api, 12)
    assert place.repository == ("41" if kind == "gitlab" else "team/models")


FROM_REMOTES = [
    ("github", "https://github.com/team/models", "https://api.github.com", "team/models"),
    ("github", "https://ghe.example.org/team/models", "https://ghe.example.org/api/v3", "team/models"),
    ("gitlab", "https://gitlab.com/a/b/models", "https://gitlab.com/api/v4", "a/b/models"),
    ("gitea", "https://codeberg.org/team/models", "https://codeberg.org/api/v1", "team/models"),
    ("gitea", "http://host:3000/git/team/models", "http://host:3000/git/api/v1", "team/models"),
    ("bitbucket", "https://bitbucket.org/team/models", "https://api.bitbucket.org/2.0", "team/models"),
]


@pytest.mark.parametrize(("kind", "url", "api", "repository"), FROM_REMOTES)
@pytest.mark.parametrize("ci", [None, CI("jenkins", number=12)])
def test_elsewhere_the_remote_does(kind: str, url: str, api: str, repository: str, ci: CI | None) -> None:
    place = place_of(ci, {}, forge=Forge(kind, url), number=0 if ci else 12)
    assert place == Place(kind, api, repository, 12, web=url, ci="jenkins" if ci else "")


UNKNOWN: list[tuple[CI | None, dict[str, str], Forge | None, str]] = [
    (None, {}, None, "remote-url"),
    (CI("azure", number=12), {}, None, "azure has none of its own"),
    (None, {}, Forge("github", "https://github.com/team/models"), "no run of CI"),
    (CI("github", repository="team/models"), {}, None, "on: pull_request"),
    (CI("gitlab", repository="41"), {}, None, "merge_request_event"),
    (CI("bitbucket", repository="team/models"), {}, None, "under `pull-requests:`"),
    (CI("gitea", repository="team/models", number=12), {}, None, "Set GITHUB_API_URL"),
    (CI("github", number=12), {}, None, "Set GITHUB_REPOSITORY"),
    (CI("github", repository="models", number=12), {}, None, "'models' is no name"),
    (CI("gitlab", number=12), {}, None, "Set CI_PROJECT_ID"),
    (CI("bitbucket", number=12), {}, None, "Set BITBUCKET_REPO_FULL_NAME"),
    (CI("gitlab", repository="41", number=12, api="git.example.org"), {}, None, "Set CI_API_V4_URL"),
    (None, {}, Forge("bitbucket", "https://bitbucket.example.org/scm/models"), "no Bitbucket Cloud"),
]


@pytest.mark.parametrize(("ci", "environ", "forge", "said"), UNKNOWN)
def test_what_is_not_known_is_named(
    ci: CI | None, environ: dict[str, str], forge: Forge | None, said: str
) -> None:
    number = 12 if forge and forge.kind == "bitbucket" else 0
    with pytest.raises(UsageError) as raised:
        place_of(ci, environ, forge=forge, number=number)
    assert said in str(raised.value)


def test_a_place_keeps_no_credentials() -> None:
    place = Place("gitlab", "https://ana:s3cret@host:8/api/v4/?private_token=s3cret", "41", 12)
    assert place.api == "https://host:8/api/v4"
    assert "s3cret" not in repr(place)


def test_a_place_is_called_as_its_forge_calls_it() -> None:
    assert (
        str(Place("github", "https://api.github.com", "team/models", 12)) == "pull request 12 of team/models"
    )
    named = Place("gitlab", "https://host/api/v4", "41", 12, web="https://host/team/models")
    assert str(named) == "merge request 12 of team/models"


def test_what_a_comment_may_be() -> None:
    kinds = ("github", "gitlab", "gitea", "bitbucket")
    assert [limit_of(kind) for kind in kinds] == [65_536, 1_000_000, 65_536, 32_767]
    assert [speaks_html(kind) for kind in kinds] == [True, True, True, False]
