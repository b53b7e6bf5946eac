"""How versions and stages are called in the text. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dvc_changelog.domain import Release

if TYPE_CHECKING:
    from dvc_changelog.domain import Life


def namesakes(versions: Iterable[str]) -> frozenset[str]:
    """Those of the names that would be called alike without their `v`."""
    called = {version: _bare(version) for version in versions}
    often = Counter(called.values())
    return frozenset(version for version, name in called.items() if often[name] > 1)


def label(version: str, release: Release | Life) -> str:
    """`v1.2.0` reads as 1.2.0, unless a release is called that; other names stay."""
    return version if version in release.namesakes else _bare(version)


def sides(release: Release) -> tuple[str, str]:
    """How the two sides are called: versions without the `v`, else what the user called them."""
    head = release.head
    version = label(head.version, release) if head.version else "Unreleased"
    if release.review:
        version = label(head.version or head.name, release)
    if not release.base:
        return version, ""
    return version, label(release.base.version or release.base.name, release)


def _bare(version: str) -> str:
    return version[1:] if version[:1] in {"v", "V"} and version[1:2].isdigit() else version


def family(address: str) -> str:
    """The foreach or matrix stage that an address is an item of ("train@a" is one of "train@…"), else ""."""
    path, colon, name = address.rpartition(":")
    return f"{path}{colon}{name.partition('@')[0]}@…" if "@" in name else ""
