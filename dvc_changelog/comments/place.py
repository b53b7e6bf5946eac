"""Which pull request, on which forge, at which address: from the environment of CI, or a remote's URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from dvc_changelog.comments.forges import ANY_ADDRESS, TRAITS
from dvc_changelog.config.ci import CI
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Forge
from dvc_changelog.errors import UsageError

_OWNED = re.compile(r"[^/\s?#%]+/[^/\s?#%]+")
_NESTED = re.compile(r"\d+|[^/\s?#%]+(/[^/\s?#%]+)+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment goes.

    `kind` is "github", "gitlab", "gitea" (Forgejo too) or "bitbucket". `api` is the address that the paths of
    the forge's API come after, without credentials. `repository` is "owner/name"; on GitLab the project's
    path, or its id. `web` is the repository's page, "" where it is not known. `fork` says that the branch
    comes from another repository, whose runs get no token that may write. `ci` is the system that runs, as
    `config.ci.CI` has it, "" for none.
    """

    kind: str
    api: str
    repository: str
    number: int
    web: str = ""
    fork: bool = False
    ci: str = ""

    def __post_init__(self) -> None:
        # An address is shown in messages: what is secret in it must not be in a place at all.
        object.__setattr__(self, "api", _bare(self.api))
        object.__setattr__(self, "web", _bare(self.web))

    def __str__(self) -> str:
        what = "merge request" if self.kind == "gitlab" else "pull request"
        path = urlsplit(self.web).path.strip("/")
        return f"{what} {self.number} of {path if path and self.repository.isdigit() else self.repository}"


def place_of(ci: CI | None, environ: Mapping[str, str], *, forge: Forge | None, number: int = 0) -> Place:
    """The pull request that a run is of.

    Args:
        ci: the CI system, as `config.ci.seen` gives it. One that belongs to a forge says which.
        environ: as `os.environ`, for the address of the API.
        forge: where the Git remote is on the web; it decides where no CI does, or one of no forge (Jenkins).
        number: the pull request's, where CI does not say it, or another one is meant.

    Raises:
        UsageError: something is not known. It says which variable or option tells it.
    """
    kind = ci.system if ci and ci.system in TRAITS else forge.kind if forge else ""
    if kind not in TRAITS:
        raise UsageError(
            "No forge is known whose pull request could be commented on"
            + (f": {ci.system} has none of its own" if ci else ""),
            "Set `remote-url` and `forge` (github, gitlab, gitea or bitbucket) in the configuration, "
            "or run in the CI of the forge.",
        )
    of_forge = bool(ci and ci.system == kind)
    return Place(
        kind=kind,
        api=_api(kind, ci if of_forge else None, environ, forge),
        repository=_repository(kind, ci if of_forge else None, forge),
        number=_number(kind, ci, number),
        web=_web(kind, environ, forge),
        fork=bool(ci and ci.fork),
        ci=ci.system if ci else "",
    )


def _number(kind: str, ci: CI | None, number: int) -> int:
    if found := number or (ci.number if ci else 0):
        return found
    traits = TRAITS[kind]
    raise UsageError(
        "No pull request is known to comment on: "
        + ("this run of CI is of none" if ci else "this is no run of CI"),
        f"Run it in {traits.in_pipeline}, or name the pull request by its number.",
    )


def _api(kind: str, ci: CI | None, environ: Mapping[str, str], forge: Forge | None) -> str:
    traits = TRAITS[kind]
    told = (
        environ.get(ANY_ADDRESS)
        or (ci.api if ci else environ.get(traits.address))
        or (_of_server(kind, environ) if ci else "")
        or (_of_remote(forge) if forge and forge.kind == kind else "")
        or traits.public
    )
    if not told:
        raise UsageError(
            f"It is not known where the API of {traits.name} is",
            f"Set {traits.address} to its address, as in https://HOST/api/v1.",
        )
    if urlsplit(told).scheme not in {"http", "https"} or not urlsplit(told).netloc:
        raise UsageError(
            f"{_bare(told)} is no web address, and so not where the API of {traits.name} is",
            f"Set {ANY_ADDRESS if environ.get(ANY_ADDRESS) else traits.address} to one with https://.",
        )
    return told


def _of_server(kind: str, environ: Mapping[str, str]) -> str:
    """The address by that of the forge itself, where CI gives only that one."""
    server = environ.get("CI_SERVER_URL" if kind == "gitlab" else "GITHUB_SERVER_URL", "").rstrip("/")
    match kind:
        case "gitlab" if server:
            return f"{server}/api/v4"
        case "gitea" if server:
            return f"{server}/api/v1"
        case "github" if server:
            return _of_github(server)
        case _:
            return ""


def _of_remote(forge: Forge) -> str:
    """The address by a repository's page. Gitea and GitHub Enterprise may live below a path of their host."""
    page = urlsplit(forge.url)
    host = f"{page.scheme}://{page.netloc.rpartition('@')[2]}"
    below = "/".join(page.path.split("/")[:-2]).rstrip("/")
    match forge.kind:
        case "gitlab":
            return f"{host}/api/v4"
        case "gitea":
            return f"{host}{below}/api/v1"
        case "github":
            return _of_github(host + below)
        case "bitbucket" if page.hostname != "bitbucket.org":
            raise UsageError(
                f"{page.hostname} is no Bitbucket Cloud, and comments are written only there",
                "Print the review instead, and post it with a tool of Bitbucket Data Center.",
            )
        case _:
            return ""


def _of_github(server: str) -> str:
    host = (urlsplit(server).hostname or "").removeprefix("www.")
    if host == "github.com":
        return TRAITS["github"].public
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"{server}/api/v3"


def _repository(kind: str, ci: CI | None, forge: Forge | None) -> str:
    path = urlsplit(forge.url).path.strip("/") if forge and forge.kind == kind else ""
    if kind != "gitlab":
        path = "/".join(path.split("/")[-2:])
    name = ci.repository if ci and ci.repository else path
    if not (_NESTED if kind == "gitlab" else _OWNED).fullmatch(name):
        variable = {"gitlab": "CI_PROJECT_ID", "bitbucket": "BITBUCKET_REPO_FULL_NAME"}.get(
            kind, "GITHUB_REPOSITORY"
        )
        raise UsageError(
            f"The repository on {TRAITS[kind].name} is not known"
            + (f": {name!r} is no name" if name else ""),
            f"Set {variable}, or `remote-url` in the configuration.",
        )
    return name


def _web(kind: str, environ: Mapping[str, str], forge: Forge | None) -> str:
    told = environ.get("CI_MERGE_REQUEST_PROJECT_URL") or environ.get("CI_PROJECT_URL")
    if kind == "gitlab" and told:
        return told
    return forge.url if forge and forge.kind == kind else ""


def _bare(address: str) -> str:
    """An address without credentials, query and fragment, and without a slash at its end."""
    parts = urlsplit(address.strip())
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))
