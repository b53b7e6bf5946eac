"""The options of versions and of releases, for `settings`: a part of `Config`, apart for its length."""

from __future__ import annotations

from dataclasses import field

from dvc_changelog.config import bump, check, stamp, version
from dvc_changelog.config.option import Kind, about
from dvc_changelog.dataclass import dataclass

RELEASE_MESSAGE = "chore(release): {tag}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOptions:
    """How the next version is decided, how it is called, and what a release writes."""

    tag_format: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "The tag of a release: `{version}` stands for its version, `{artifact}` for the artifact. "
            "Empty: as the tags here are named, else `v{version}`, of an artifact `{artifact}@v{version}`.",
            'tag-format = "release-{version}"',
            version.tag_format,
        ),
    )
    calendar: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "Versions that are dates, in the words of calver.org. Empty: as the tags here are, else 1.2.3.",
            'calendar = "YYYY.0M.MICRO"',
            version.calendar,
        ),
    )
    initial_version: str = field(
        default="0.1.0",
        metadata=about(
            Kind.TEXT,
            "The first version, where there is none yet.",
            'initial-version = "1.0.0"',
            version.initial_version,
        ),
    )
    major_version_zero: bool = field(
        default=False,
        metadata=about(
            Kind.FLAG, "Stay below 1.0.0: what would make a major version makes a minor one there."
        ),
    )
    bump_rules: tuple[bump.BumpRule, ...] = field(
        default=(),
        metadata=about(
            Kind.TABLES,
            "What asks for which version, read from the top, before the rules that are built in: "
            "each has a `level` (major, minor, patch, none), or forbids one and those above it "
            '(`forbid`; "any" is no release), and conditions: `kind`, `path`, `name`, `change`, `role`, '
            "`because`, `verdict`, `group`, `breaking`, and of a metric's value `below` and `above`.",
            'bump-rules = [{kind = "metric", name = "test.auc", below = 0.9, forbid = "any"}]',
            bump.bump_rules,
        ),
    )
    version_files: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            "The files in which `release` sets the version: a path, a path with a key, or a path with the "
            "text around the version.",
            """version-files = ["pyproject.toml", 'src/churn/__init__.py:__version__ = "{version}"']""",
            stamp.version_files,
        ),
    )
    entry_in_commit: bool = field(
        default=False,
        metadata=about(
            Kind.FLAG, "The commit that `release` makes carries the entry too; its tag always does."
        ),
    )
    release_message: str = field(
        default=RELEASE_MESSAGE,
        metadata=about(
            Kind.TEXT,
            "The subject of the commit that `release` makes; `{tag}` and `{version}` stand for its own.",
            'release-message = "Release {version}"',
            check.release_message,
        ),
    )
