"""A clone that lacks history, or the branch compared with, completed from its Git remote on demand."""

from __future__ import annotations

from dvc_changelog.config import CI
from dvc_changelog.errors import ChangelogError, GitError
from dvc_changelog.history import Git, shallow, source
from dvc_changelog.history.sides import Asked, Place, sides, stem


def deepened(git: Git, what: Asked, ci: CI | None, target: str) -> None:
    """Fetch what a review needs: the branch compared with, and the history to where both parted.

    Nothing is fetched where all is here. Tags on what comes are brought along, as Git does.

    Raises:
        GitError: there is no remote, or it cannot be reached.
    """

    def enough() -> bool:
        try:
            found = sides(git, what, ci, target)
        except ChangelogError:
            return False
        return not git.shallow or not _is_cut(git, found.base, found.head)

    if enough():
        return
    place = Place(git, ci, target)
    remote = place.remote
    if not remote:
        raise GitError(
            "This clone lacks history, and there is no one remote to get it from",
            "`git fetch --unshallow REMOTE` gets it.",
        )
    shallow.deepen(git, remote, _wanted(git, what, place, ci), enough)


def _is_cut(git: Git, base: str, head: str) -> bool:
    """Whether the clone's cut lies among the commits of `base..head`."""
    return any(line in git.shallow for line in git.run("rev-list", head, f"^{base}").split())


def _wanted(git: Git, what: Asked, place: Place, ci: CI | None) -> list[str]:
    """What is fetched, as refspecs: the revisions named, whatever they are, and what is checked out.

    Where none is named, also what a push replaced: it may be one to the target itself.
    """
    names = [what.base or place.target, *([what.head] if what.head else ())]
    refs, remote = [], place.remote
    if ci and ci.before and not what.base:
        refs.append(ci.before)
    for name in names:
        short = stem(name)[0].removeprefix("refs/remotes/").removeprefix(f"{remote}/")
        if source.is_commit(short):
            refs.append(short)
        elif short != "HEAD":
            refs.append(f"+refs/heads/{short}:refs/remotes/{remote}/{short}")
            refs.append(f"+refs/tags/{short}:refs/tags/{short}")
    head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).strip()
    return [*refs, *([head] if head else ())]
