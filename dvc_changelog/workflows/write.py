"""Bringing a changelog into its file: in place, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dvc_changelog import changelog_file
from dvc_changelog.changelog_file import Section
from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Release
from dvc_changelog.render import markdown


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the file. `changed` says whether its bytes differ from before (or would, in a check)."""

    path: Path
    changed: bool
    existed: bool


def write(
    changelog: Changelog,
    config: Config,
    path: Path,
    *,
    adopt: bool = False,
    dry: bool = False,
    template: Path | None = None,
) -> Written:
    """Update a changelog file in place; text by hand stays, and a second run changes no byte.

    Args:
        changelog: the releases to bring in; others that the file has stay as they are.
        config: titles and folding.
        path: the file; it need not exist.
        adopt: take over a file that has none of our marks.
        dry: change nothing, only say whether it would change.
        template: see `render.markdown.entry`.

    Raises:
        DocumentError: the file cannot be read, placed or written.
        TemplateError: the template is wrong.
    """
    before = changelog_file.read(path)
    sections = [
        Section(_key(release), markdown.entry(release, config, template)) for release in changelog.releases
    ]
    text = changelog_file.update(
        before.text,
        markdown.header(config, changelog.order),
        sections,
        changelog.order,
        path=str(path),
        adopt=adopt,
    )
    if dry:
        return Written(path, changed=text != before.text or not before.existed, existed=before.existed)
    return Written(path, changelog_file.write(path, before, text), before.existed)


def _key(release: Release) -> str:
    return release.head.version or "unreleased"
