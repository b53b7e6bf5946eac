"""How versions and stages are called in the text. Pure."""

from __future__ import annotations

from dvc_changelog.domain import Release


def bare(version: str) -> str:
    """`v1.2.0` reads as 1.2.0; other names stay."""
    return version[1:] if version[:1] in {"v", "V"} and version[1:2].isdigit() else version


def sides(release: Release) -> tuple[str, str]:
    """How the two sides are called: versions without the `v`, else what the user called them."""
    head = release.head
    version = bare(head.version) if head.version else "Unreleased"
    if release.review:
        version = bare(head.version or head.name)
    if not release.base:
        return version, ""
    return version, bare(release.base.version or release.base.name)


def family(address: str) -> str:
    """The foreach or matrix stage that an address is an item of ("train@a" is one of "train@…"), else ""."""
    path, colon, name = address.rpartition(":")
    return f"{path}{colon}{name.partition('@')[0]}@…" if "@" in name else ""
