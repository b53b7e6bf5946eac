"""What outputs were in between that a release has as its base had them: something was made of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import ChangeType, OutputChange
from dvc_changelog.insight import Making
from dvc_changelog.workflows.attribution import Between
from dvc_changelog.workflows.making import Makings


@dataclass(frozen=True, slots=True)
class Steady:
    """Tells of a path the commits that changed it, of one that is back at the end too.

    Args:
        between: what is compared, and the commits.
        makings: what is known of outputs that changed.
    """

    between: Between
    makings: Makings
    _known: dict[str, Sequence[Making]] = field(default_factory=dict, init=False)

    def __call__(self, path: str) -> Sequence[Making]:
        """See the class; oldest first."""
        if path not in self._known:
            old, new = (side.outputs.get(path) for side in self.between.sides)
            if old and new and old.stage and new.stage and not new.altered and old.content.same(new.content):
                # Followed as one that changed, it tells of the way from a content to the same.
                change = OutputChange(ChangeType.MODIFIED, path, old, new)
                self._known[path] = self.between.attributed((change,), lambda _: False).makings(path)
            else:
                self._known[path] = self.makings(path)
        return self._known[path]
