"""One frozen Config: from a file and the environment, checked, its fields carrying their documentation."""

from dvc_changelog.config.bump import LEVELS, BumpRule
from dvc_changelog.config.ci import CI, seen
from dvc_changelog.config.load import load, read
from dvc_changelog.config.place import PLACES, existing, init_path
from dvc_changelog.config.reference import reference_markdown, template_text
from dvc_changelog.config.rule import SILENT, MetricRule, covers, in_lists, rule_of
from dvc_changelog.config.settings import TITLE, Config

__all__ = [
    "CI",
    "LEVELS",
    "PLACES",
    "SILENT",
    "TITLE",
    "BumpRule",
    "Config",
    "MetricRule",
    "covers",
    "existing",
    "in_lists",
    "init_path",
    "load",
    "read",
    "reference_markdown",
    "rule_of",
    "seen",
    "template_text",
]
