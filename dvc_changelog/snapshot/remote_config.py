"""`.dvc/config`: which remotes a project has, and where they are. Credentials are not even remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dvc_changelog.domain import Remotes, without_credentials
from dvc_changelog.snapshot.unreadable import decoded

_SECTION = re.compile(
    r"\s*\[\s*(?:\"(?P<double>.*)\"|'(?P<single>.*)'|(?P<bare>[^'\"\s\[].*?))\s*\]\s*(?:#.*)?"
)
_REMOTE = re.compile(r'\s*remote\s*"(?P<name>.*)"\s*')
_SETTING = re.compile(
    r"\s*(?:\"(?P<double>.*?)\"|'(?P<single>.*?)'|(?P<bare>[^'\"=#\s].*?))\s*=\s*"
    r"(?:\"(?P<in_double>[^\"]*)\"|'(?P<in_single>[^']*)'|(?P<plain>[^'\"#].*?)?)\s*(?:#.*)?"
)
_NAMED = re.compile(r"remote://(?P<name>[^/]+)(?P<below>/.*)?")
_SECRET = re.compile(r"(?<=://)\S*:\S*@")
"""What looks like a password, though an address cannot have it so: it may contain a slash."""
_QUERY = re.compile(r"\?.*", re.DOTALL)
_MOST_HOPS = 9


def remotes_of(_path: str, data: bytes) -> Remotes:
    """Reader: the remotes of a DVC configuration, in small letters, as DVC has their names.

    Raises:
        UnreadableError: it is no text.
    """
    sections = _sections(decoded(data))
    found = {
        named["name"]: settings
        for section, settings in sections.items()
        if (named := _REMOTE.fullmatch(section)) and settings.get("url")
    }
    places = {name: _place(name, found) for name in found}
    return Remotes(sections.get("core", {}).get("remote", "").lower(), places)


def _sections(text: str) -> dict[str, dict[str, str]]:
    sections: dict[str, dict[str, str]] = {}
    here: dict[str, str] = {}
    for line in text.splitlines():
        if found := _SECTION.fullmatch(line):
            here = sections.setdefault(_one(found, "double", "single", "bare").lower(), {})
        elif found := _SETTING.fullmatch(line):
            key = _one(found, "double", "single", "bare").lower()
            here[key] = _one(found, "in_double", "in_single", "plain")
    return sections


def _one(found: re.Match[str], *groups: str) -> str:
    return next((value for group in groups if (value := found[group]) is not None), "")


def _place(name: str, remotes: Mapping[str, Mapping[str, str]]) -> str:
    """Where a remote is; one that lies in another is followed there."""
    url, below, at = remotes[name]["url"], "", name
    for _ in range(_MOST_HOPS):
        found = _NAMED.fullmatch(url)
        if not found or (then := found["name"].lower()) not in remotes:
            break
        at, below = then, (found["below"] or "") + below
        url = remotes[at]["url"]
    shown = shareable(url.rstrip("/") + below if below else url)
    endpoint = remotes[at].get("endpointurl")
    return f"{shown} at {shareable(endpoint)}" if endpoint else shown


def shareable(url: str) -> str:
    """An address as it may be shown: without a user and password, nor a query, which may be a token."""
    return _QUERY.sub("?…", _SECRET.sub("…@", without_credentials(url)))
