"""Which version comes next, and why: rules over what a release has, and how versions are numbered. Pure."""

from dvc_changelog.versioning.between import step_of
from dvc_changelog.versioning.concern import Concern, concern_of
from dvc_changelog.versioning.rules import MetricNow, bump_of
from dvc_changelog.versioning.words import sentence

__all__ = ["Concern", "MetricNow", "bump_of", "concern_of", "sentence", "step_of"]
