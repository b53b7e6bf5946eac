"""What is particular to each forge, in words and numbers. It asks nothing of a network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dvc_changelog.dataclass import dataclass

ANY_TOKEN = "DVC_CHANGELOG_TOKEN"  # noqa: S105 (the name of a variable)
ANY_ADDRESS = "DVC_CHANGELOG_API_URL"


@dataclass(frozen=True, slots=True)
class Traits:
    """One forge: `limit` is in characters of a comment's text; `html` says that it shows HTML in Markdown.

    `extra` is the one of this package that brings the library. `tokens` are the variables that a token is
    looked for in, in order; `address` is the one that says where the API is, `public` where it is if nothing
    does. `grant` is what a token must be allowed, `needed` how the forge's own CI gets one, `in_pipeline`
    where a run of that is of a pull request: all in the words of the forge.
    """

    name: str
    limit: int
    html: bool
    extra: str
    tokens: tuple[str, ...]
    address: str
    public: str
    grant: str
    needed: str
    in_pipeline: str


TRAITS: Mapping[str, Traits] = MappingProxyType(
    {
        "github": Traits(
            name="GitHub",
            # Not in its documentation; what it answers to a longer one is "maximum is 65536 characters".
            limit=65_536,
            html=True,
            extra="github",
            tokens=("GITHUB_TOKEN", "GH_TOKEN"),
            address="GITHUB_API_URL",
            public="https://api.github.com",
            grant="a token with `Pull requests: Read and write`, or a classic one with the scope `repo`",
            needed="in the workflow `permissions: pull-requests: write` and "
            "`env: GITHUB_TOKEN: ${{ github.token }}`; a token of a person's needs "
            "`Pull requests: Read and write`, a classic one the scope `repo`",
            in_pipeline="a workflow `on: pull_request`",
        ),
        "gitlab": Traits(
            name="GitLab",
            limit=1_000_000,  # of its documentation of notes
            html=True,
            extra="gitlab",
            tokens=("GITLAB_TOKEN",),
            address="CI_API_V4_URL",
            public="https://gitlab.com/api/v4",
            grant="a project access token with the scope `api` and the role Developer",
            needed="a project access token with the scope `api` and the role Developer, in a masked "
            "variable GITLAB_TOKEN that is not protected (the job's own CI_JOB_TOKEN cannot write notes)",
            in_pipeline="""a job with `if: $CI_PIPELINE_SOURCE == "merge_request_event"` in its `rules`""",
        ),
        "gitea": Traits(
            name="Gitea or Forgejo",
            # None is documented; what is written for GitHub fits.
            limit=65_536,
            html=True,
            extra="gitea",
            tokens=("GITEA_TOKEN", "FORGEJO_TOKEN"),
            address="GITHUB_API_URL",
            public="",
            grant="a token with the scopes `write:issue` and `read:repository`",
            needed="in the workflow `permissions: issues: write, pull-requests: write` and "
            "`env: GITHUB_TOKEN: ${{ github.token }}`; a token of a person's needs the scopes "
            "`write:issue` and `read:repository`",
            in_pipeline="a workflow `on: pull_request`",
        ),
        "bitbucket": Traits(
            name="Bitbucket",
            # None is documented for the Cloud; Bitbucket Server answers "less than 32768 characters".
            limit=32_767,
            html=False,
            extra="bitbucket",
            tokens=("BITBUCKET_TOKEN",),
            address=ANY_ADDRESS,
            public="https://api.bitbucket.org/2.0",
            grant="a repository access token with the scope `pullrequest:write`",
            needed="a repository access token with the scope `pullrequest:write`, kept as a secured variable "
            "BITBUCKET_TOKEN",
            in_pipeline="a pipeline under `pull-requests:`",
        ),
    }
)


def needed(kind: str, system: str, variable: str = "") -> str:
    """What it takes to comment, in the words of the CI that runs.

    Args:
        kind: that of the forge, as `Place.kind` names it.
        system: the CI that runs, as `Place.ci` has it.
        variable: where a token was found.
    """
    traits = TRAITS[kind]
    if system == kind:
        return traits.needed
    name = variable if variable in {ANY_TOKEN, *traits.tokens} else traits.tokens[0]
    match system:
        case "azure":
            return (
                f"{traits.grant}, in a secret variable {name} of the pipeline, "
                f"and for the step `env: {name}: $({name})`"
            )
        case "jenkins":
            held = f"withCredentials([string(credentialsId: '…', variable: '{name}')])"
            return f"{traits.grant}, as a credential of the kind secret text, and around the step `{held}`"
        case _:
            return f"{traits.grant}, and `export {name}=…`"


def limit_of(kind: str) -> int:
    """The most characters that a comment may have on a forge of a kind, as `Place.kind` names it."""
    return TRAITS[kind].limit


def speaks_html(kind: str) -> bool:
    """Whether a forge of a kind shows HTML in a comment, `<details>` among it; else it shows the tags."""
    return TRAITS[kind].html
