"""From a remote's URL to the place on the web. Pure."""

from __future__ import annotations

import re

from dvc_changelog.domain import Forge

_SCP = re.compile(r"^(?:[^@/]+@)?(?P<host>[^:/]+\.[^:/]+|localhost):(?P<path>(?!/)[^\\]+)$")
_URL = re.compile(
    r"^(?:https?|ssh|git|git\+ssh)://(?:[^@/]*@)?(?P<host>[^:/]+)(?::(?P<port>\d+))?/(?P<path>.+)$"
)
_KNOWN = (("github", "github"), ("gitlab", "gitlab"), ("bitbucket", "bitbucket"))
_GITEA = ("gitea", "forgejo", "codeberg")


def forge_of_url(url: str, kind: str = "") -> Forge | None:
    """The web address of a repository.

    Args:
        url: a remote's URL in any of Git's forms; credentials in it are dropped.
        kind: the kind of forge where the host's name does not tell it.

    Returns:
        None if the URL is no web host's (a path, an unknown host without `kind`).
    """
    url = url.strip()
    found = _URL.match(url) or _SCP.match(url)
    if not found:
        return None
    host = found["host"].lower()
    port = found.groupdict().get("port")
    kind = kind or _kind(host)
    if not kind:
        return None
    path = found["path"].strip("/").removesuffix(".git").rstrip("/")
    scheme = "http" if url.startswith("http://") else "https"
    at = f"{host}:{port}" if port and url.startswith("http") else host
    return Forge(kind, f"{scheme}://{at}/{path}")


def _kind(host: str) -> str:
    for word, kind in _KNOWN:
        if word in host:
            return kind
    return "gitea" if any(word in host for word in _GITEA) else ""
