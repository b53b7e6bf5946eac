"""What a user does, each workflow reading like the sentence that describes it.

What writes is imported when it is first used: it brings all that knows CHANGELOG.md.
"""

from typing import TYPE_CHECKING

from dvc_changelog.deferred import deferred
from dvc_changelog.workflows.artifacts import PLACE, path_of
from dvc_changelog.workflows.asked import Part
from dvc_changelog.workflows.compare import compare
from dvc_changelog.workflows.generate import generate, generate_each
from dvc_changelog.workflows.next_version import NextVersion, next_version
from dvc_changelog.workflows.review import check, review

if TYPE_CHECKING:
    from dvc_changelog.workflows.suggesting import metric_rules
    from dvc_changelog.workflows.writing import Written, write

__all__ = [
    "PLACE",
    "NextVersion",
    "Part",
    "Written",
    "check",
    "compare",
    "generate",
    "generate_each",
    "metric_rules",
    "next_version",
    "path_of",
    "review",
    "write",
]

__getattr__ = deferred(
    __name__,
    {
        "Written": "dvc_changelog.workflows.writing",
        "metric_rules": "dvc_changelog.workflows.suggesting",
        "write": "dvc_changelog.workflows.writing",
    },
)
