"""The rules that are built in, for a product that is a model. Read from the top, after those configured."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dvc_changelog.config.bump import BumpRule, bump_rules

_CI = (
    *(".github/", ".gitlab-ci.y*ml", ".circleci/", ".travis.y*ml", "azure-pipelines*.y*ml"),
    *("bitbucket-pipelines.y*ml", "Jenkinsfile", "cloudbuild.y*ml", ".devcontainer/", ".devcontainer.json"),
)
_NEW = ["data", "import", "architecture", "file", "command", "stage", "unknown"]
"""What a model learned anew, or is built otherwise; where nobody knows, that cannot be ruled out."""

_IN_GIT = ["*", "!*.dvc", "!dvc.lock"]
"""The files of a commit that records nothing in DVC: of what Git keeps only data that stages read is told."""

TABLES: tuple[Mapping[str, object], ...] = (
    {"kind": "commit", "breaking": True, "level": "major"},
    {"kind": ["model", "artifact"], "change": ["deleted", "renamed"], "level": "major"},
    {"kind": "data", "role": "public", "change": ["deleted", "renamed"], "level": "major"},
    {"kind": "artifact", "change": "retyped", "level": "major"},
    {"kind": ["model", "artifact", "stage", "import"], "change": "added", "level": "minor"},
    {"kind": "data", "role": "source", "change": "added", "level": "minor"},
    {"kind": "data", "role": "public", "change": "added", "level": "minor"},
    {"kind": "model", "because": _NEW, "level": "minor"},
    {"kind": "commit", "group": "feat", "level": "minor"},
    {"kind": "commit", "group": ["model", "data"], "path": _IN_GIT, "level": "patch"},
    {
        "kind": "commit",
        "group": ["fix", "perf", "refactor", "revert", "security", "remove", "deprecate", "code"],
        "level": "patch",
    },
    {"kind": ["commit", "note", "plot", "remote"], "level": "none"},
    {"kind": "file", "path": list(_CI), "level": "none"},
    {"level": "patch"},
)
"""As a person would write them."""

RULES: tuple[BumpRule, ...] = bump_rules(tuple(MappingProxyType(dict(table)) for table in TABLES))
