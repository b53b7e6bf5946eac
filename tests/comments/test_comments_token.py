"""Where a token is found, what is none, and that it shows itself nowhere."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

import pytest

from dvc_changelog.comments.failure import Failure, error_of
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token, token_of
from dvc_changelog.errors import NotPermittedError, UsageError

SECRET, USER = "s3cret/T0ken+of=ours", "ana"
PLACES = {
    "github": Place("github", "https://api.github.com", "team/models", 12, ci="github"),
    "gitlab": Place("gitlab", "https://gitlab.com/api/v4", "41", 12, ci="gitlab"),
    "gitea": Place("gitea", "https://codeberg.org/api/v1", "team/models", 12, ci="gitea"),
    "bitbucket": Place("bitbucket", "https://api.bitbucket.org/2.0", "team/models", 12, ci="bitbucket"),
}
FOUND: list[tuple[str, dict[str, str], Token]] = [
    ("github", {"GITHUB_TOKEN": "a", "GH_TOKEN": "b"}, Token("GITHUB_TOKEN", "a")),
    ("github", {"GH_TOKEN": " b\n"}, Token("GH_TOKEN", "b")),
    ("github", {"GITHUB_TOKEN": "a", "DVC_CHANGELOG_TOKEN": "c"}, Token("DVC_CHANGELOG_TOKEN", "c")),
    ("gitlab", {"GITLAB_TOKEN": "a", "CI_JOB_TOKEN": "b"}, Token("GITLAB_TOKEN", "a")),
    ("gitea", {"FORGEJO_TOKEN": "a"}, Token("FORGEJO_TOKEN", "a")),
    ("gitea", {"GITHUB_TOKEN": "a", "GITEA_ACTIONS": "true"}, Token("GITHUB_TOKEN", "a")),
    ("bitbucket", {"BITBUCKET_TOKEN": "a"}, Token("BITBUCKET_TOKEN", "a")),
    (
        "bitbucket",
        {"BITBUCKET_USERNAME": "ana", "BITBUCKET_APP_PASSWORD": "a"},
        Token("BITBUCKET_APP_PASSWORD", "a", "ana"),
    ),
]


@pytest.mark.parametrize(("kind", "environ", "expected"), FOUND)
def test_the_environment_has_the_token(kind: str, environ: dict[str, str], expected: Token) -> None:
    assert token_of(PLACES[kind], environ) == expected


MISSING: list[tuple[str, dict[str, str], str]] = [
    ("github", {}, "GITHUB_TOKEN or GH_TOKEN is not set"),
    ("github", {"GITLAB_TOKEN": "a"}, "pull-requests: write"),
    ("gitlab", {"CI_JOB_TOKEN": "a"}, "CI_JOB_TOKEN is there, but cannot write notes"),
    ("gitea", {"GITHUB_TOKEN": "a", "GITHUB_ACTIONS": "true"}, "GITEA_TOKEN or FORGEJO_TOKEN is not set"),
    (
        "bitbucket",
        {"BITBUCKET_APP_PASSWORD": "a"},
        "BITBUCKET_USERNAME and BITBUCKET_APP_PASSWORD is not set",
    ),
]


@pytest.mark.parametrize(("kind", "environ", "said"), MISSING)
def test_without_one_it_is_said_which(kind: str, environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        token_of(PLACES[kind], environ)
    assert said in str(raised.value)
    assert "DVC_CHANGELOG_TOKEN" in raised.value.remedy


REMEDIES = [
    ("github", "github", ("permissions: pull-requests: write", "${{ github.token }}")),
    ("github", "azure", ("`env: GITHUB_TOKEN: $(GITHUB_TOKEN)`", "secret variable", "scope `repo`")),
    (
        "github",
        "jenkins",
        ("`withCredentials([string(credentialsId: '…', variable: 'GITHUB_TOKEN')])`", "scope `repo`"),
    ),
    ("github", "", ("`export GITHUB_TOKEN=…`", "scope `repo`")),
    ("github", "pre-commit", ("`export GITHUB_TOKEN=…`",)),
    ("gitea", "gitea", ("permissions: issues: write", "${{ github.token }}")),
    ("gitea", "jenkins", ("variable: 'GITEA_TOKEN'", "write:issue")),
    ("gitlab", "gitlab", ("masked variable GITLAB_TOKEN", "scope `api`")),
    ("gitlab", "jenkins", ("variable: 'GITLAB_TOKEN'", "scope `api`")),
    ("bitbucket", "bitbucket", ("secured variable BITBUCKET_TOKEN", "pullrequest:write")),
    ("bitbucket", "azure", ("$(BITBUCKET_TOKEN)", "pullrequest:write")),
]


@pytest.mark.parametrize(("kind", "system", "said"), REMEDIES)
def test_the_remedy_is_that_of_the_ci_that_runs(kind: str, system: str, said: tuple[str, ...]) -> None:
    place = replace(PLACES[kind], ci=system)
    with pytest.raises(UsageError) as raised:
        token_of(place, {})
    refused = error_of(Failure(403), place, Token("GH_TOKEN", SECRET))
    for remedy in (raised.value.remedy, refused.remedy.replace("GH_TOKEN", "GITHUB_TOKEN")):
        assert [part for part in said if part not in remedy] == []
        assert ("permissions:" in remedy) == ("permissions:" in said[0])


def test_the_remedy_names_the_variable_that_is_set() -> None:
    place, failure = replace(PLACES["github"], ci="jenkins"), Failure(403)
    for variable, named in [("DVC_CHANGELOG_TOKEN", "DVC_CHANGELOG_TOKEN"), ("X", "GITHUB_TOKEN")]:
        assert f"variable: '{named}'" in error_of(failure, place, Token(variable, SECRET)).remedy


def test_runs_of_a_fork_have_none() -> None:
    place = Place("gitlab", "https://gitlab.com/api/v4", "41", 12, fork=True)
    with pytest.raises(NotPermittedError, match="fork"):
        token_of(place, {"CI_JOB_TOKEN": "a"})


@pytest.mark.parametrize("value", ["s3cret s3cret", "s3cret\r\ns3cret", "s3cret…", "s3cret\x00"])
def test_what_is_no_token_is_not_shown_either(value: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN holds is no token") as raised:
        token_of(PLACES["github"], {"GITHUB_TOKEN": value})
    assert "s3cret" not in f"{raised.value} {raised.value.__cause__} {raised.value.__context__}"


def test_a_token_shows_itself_nowhere() -> None:
    token = Token("A_TOKEN", SECRET, USER)
    assert SECRET not in f"{token} {token!r}"
    text = f"{SECRET} {quote(SECRET, safe='')} {b64encode(f'{USER}:{SECRET}'.encode()).decode()}"
    assert token.hidden_in(text) == "*** *** ***"
