"""Bringing a changelog into its file: in place, or not at all."""

from __future__ import annotations

from pathlib import Path

from dvc_changelog import changelog_file
from dvc_changelog.changelog_file import Document, Section, Source
from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Changelog, Release
from dvc_changelog.render import markdown


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the file. `changed` says whether its bytes differ from before (or would, in a check).

    `kept` are the releases that the file tells from more than could be read now: they stay as they are.
    """

    path: Path
    changed: bool
    existed: bool
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What the file held, and its text with the releases in it. `kept`: see `Written`."""

    before: Document
    text: str
    kept: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """The text as the file's bytes."""
        return changelog_file.encoded(self.before, self.text)


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
        changelog: the releases to bring in; others that the file has stay as they are, unless they are
            cancelled.
        config: titles and folding.
        path: the file; it need not exist.
        adopt: take over a file that has none of our marks.
        dry: change nothing, only say whether it would change.
        template: see `render.markdown.entry`.

    Raises:
        DocumentError: the file cannot be read, placed or written.
        TemplateError: the template is wrong.
    """
    new = edited(changelog, config, path, adopt=adopt, template=template)
    if dry:
        changed = new.text != new.before.text or not new.before.existed
        return Written(path, changed, new.before.existed, new.kept)
    return Written(path, changelog_file.write(path, new.before, new.text), new.before.existed, new.kept)


def edited(
    changelog: Changelog, config: Config, path: Path, *, adopt: bool = False, template: Path | None = None
) -> Edited:
    """A changelog file with these releases in it, not written yet; see `write`."""
    before = changelog_file.read(path)
    return edited_as(before, changelog, config, str(path), adopt=adopt, template=template)


def edited_as(
    before: Document,
    changelog: Changelog,
    config: Config,
    path: str,
    *,
    adopt: bool = False,
    template: Path | None = None,
) -> Edited:
    """What a changelog file holds, with these releases in it; `path` is for messages. See `write`."""
    sections = [
        Section(_key(release), markdown.entry(release, config, template), _source(release))
        for release in changelog.releases
    ]
    kept = changelog_file.richer(before.text, sections, path)
    sections = [section for section in sections if section.key not in kept]
    text = changelog_file.update(
        before.text,
        markdown.header(config, changelog.order),
        sections,
        changelog.order,
        path=path,
        adopt=adopt,
        gone=changelog.cancelled,
    )
    names = tuple(key for key in map(_key, changelog.releases) if key in kept)
    return Edited(before, text, names)


def _key(release: Release) -> str:
    return release.head.version or "unreleased"


def _source(release: Release) -> Source:
    base = release.base.commit_id[:12] if release.base else ""
    return Source(f"{base}..{release.state}", release.lacking, release.held)
