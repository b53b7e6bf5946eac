"""What a user does, each workflow reading like the sentence that describes it."""

from dvc_changelog.workflows.generate import Part, generate
from dvc_changelog.workflows.review import review
from dvc_changelog.workflows.write import Written, write

__all__ = ["Part", "Written", "generate", "review", "write"]
