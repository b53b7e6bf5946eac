"""What stands below a commit that takes back another one."""

from __future__ import annotations

from dvc_changelog.domain import Commit, Release, Revert
from dvc_changelog.history import without_number
from dvc_changelog.render import links, names
from dvc_changelog.render.phrase import Phrase, code, joined, link, prose

_SHOWN = 3
_SHORT = 7


class Below:
    """What stands below the commits of a release."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._reverts = {revert.commit_id: revert for revert in release.reverts}

    def __call__(self, commit: Commit) -> tuple[Phrase, ...]:
        """As in "takes back `def5678` of 1.1.0: `models/router.json`, `featurize.ngrams`".

        The parts of a squashed commit share its id; it is the one with files that takes something back.
        """
        revert = self._reverts.get(commit.id)
        told = _line(revert, commit, self._release) if revert and commit.files else None
        return (told,) if told else ()


def _line(revert: Revert, commit: Commit, release: Release) -> Phrase:
    """What it took back; the subject only where the commit's own does not quote it."""
    more = f" and {len(revert.undid) - _SHOWN:,} more" if len(revert.undid) > _SHOWN else ""
    undid = joined(map(code, revert.undid[:_SHOWN])) + more if revert.undid else Phrase()
    if not revert.reverted:
        return "changed back " + undid if undid else undid
    url = links.commit(revert.reverted, release.forge)
    told = "takes back " + link(revert.reverted[:_SHORT], url, as_code=True)
    if revert.message and without_number(revert.message) not in commit.message:
        told = told + " " + prose(revert.message)
    if revert.version:
        told = told + f" of {names.label(revert.version, release)}"
    return told + (": " + undid if undid else undid)
