"""Which version comes next, and why. Pure: a release, tags and a date in; a level and a name out."""

from dvc_changelog.versioning.between import step_of
from dvc_changelog.versioning.concern import Concern, concern_of
from dvc_changelog.versioning.infer import inferred, line_of
from dvc_changelog.versioning.rules import MetricNow, bump_of
from dvc_changelog.versioning.scheme import Scheme, Version
from dvc_changelog.versioning.step import Standing, Step, is_prerelease_of, next_version, standing
from dvc_changelog.versioning.words import sentences

__all__ = [
    "Concern",
    "MetricNow",
    "Scheme",
    "Standing",
    "Step",
    "Version",
    "bump_of",
    "concern_of",
    "inferred",
    "is_prerelease_of",
    "line_of",
    "next_version",
    "sentences",
    "standing",
    "step_of",
]
