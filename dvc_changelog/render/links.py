"""Web addresses on the forges: commits, issues, comparisons. Pure."""

from __future__ import annotations

from urllib.parse import quote

from dvc_changelog.domain import Forge, Release


def commit(commit_id: str, forge: Forge | None) -> str:
    """The page of a commit, or ""."""
    if not forge or not commit_id:
        return ""
    match forge.kind:
        case "gitlab":
            return f"{forge.url}/-/commit/{commit_id}"
        case "bitbucket":
            return f"{forge.url}/commits/{commit_id}"
        case _:
            return f"{forge.url}/commit/{commit_id}"


def issue(reference: str, forge: Forge | None) -> str:
    """The page of an issue `#41` or a GitLab merge request `!41`, or ""."""
    if not forge:
        return ""
    number = reference[1:]
    match forge.kind, reference[0]:
        case "gitlab", "!":
            return f"{forge.url}/-/merge_requests/{number}"
        case "gitlab", _:
            return f"{forge.url}/-/issues/{number}"
        case "bitbucket", "#":
            return f"{forge.url}/pull-requests/{number}"
        case _, "#":
            return f"{forge.url}/issues/{number}"
        case _:
            return ""


def compare(release: Release) -> str:
    """The page that compares a release with the one before it; of a first release, its commits; or ""."""
    forge = release.forge
    if not forge or release.head.working:
        return ""
    named = release.head.version or (release.head.name if release.review else "HEAD")
    head = quote(named, safe="", errors="replace")  # a branch's name may be no UTF-8
    if not release.base:
        return _commits(head, forge) if release.head.version else ""
    base = quote(release.base.version or release.base.commit_id[:12], safe="", errors="replace")
    if release.review:
        base, head = release.base.commit_id[:12], release.head.commit_id[:12]
    match forge.kind:
        case "gitlab":
            return f"{forge.url}/-/compare/{base}...{head}"
        case "bitbucket":
            return f"{forge.url}/branches/compare/{head}%0D{base}"
        case _:
            return f"{forge.url}/compare/{base}...{head}"


def _commits(name: str, forge: Forge) -> str:
    match forge.kind:
        case "gitlab":
            return f"{forge.url}/-/commits/{name}"
        case "gitea":
            return f"{forge.url}/commits/tag/{name}"
        case _:
            return f"{forge.url}/commits/{name}"


def raw(commit_id: str, path: str, forge: Forge) -> str:
    """Where a browser that is signed in finds the bytes of a file, of a private repository too."""
    file = quote(path, errors="replace")
    match forge.kind:
        case "gitlab":
            return f"{forge.url}/-/raw/{commit_id}/{file}"
        case "gitea":
            return f"{forge.url}/raw/commit/{commit_id}/{file}"
        case "bitbucket":
            return f"{forge.url}/raw/{commit_id}/{file}"
        case _:
            return f"{forge.url}/blob/{commit_id}/{file}?raw=true"
