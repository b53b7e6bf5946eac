"""Which two states a review compares: what was asked for, the branch that it goes to, where they parted.

As `git diff` has it: `A B` and `A..B` are the two as they are, `A...B` is from where they parted. With one
revision or none it is from there too: what landed on the target meanwhile is not the branch's doing.
"""

from __future__ import annotations

import re
from functools import cached_property

from dvc_changelog.config import CI
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.address import without_credentials
from dvc_changelog.errors import GitError, UnknownRevisionError, UsageError
from dvc_changelog.history import shallow
from dvc_changelog.history.git import Git
from dvc_changelog.history.source import is_commit

_COMMON_NAMES = ("main", "master")
_STEPS = re.compile(r"(?:[~^]\d*)+$")
_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person named: revisions, "" for those left out. `parted` asks for where both parted."""

    base: str
    head: str
    parted: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """Two commits to compare, and what a reader calls them.

    `target` is the commit that the branch goes to, "" where two revisions are compared as they are; `base` is
    then what it has in common with the head, and `behind` counts what the target has beyond it.
    """

    base: str
    head: str
    base_name: str
    head_name: str
    target: str = ""
    behind: int = 0


def asked(base: str | None, head: str | None) -> Asked:
    """What two arguments ask for. Pure.

    Raises:
        UsageError: a range and one more revision.
    """
    text = base or ""
    dots = "..." if "..." in text else ".." if ".." in text else ""
    if not dots:
        return Asked(text, head or "", parted=not (text and head))
    if head:
        raise UsageError(f"{text} is a range, and {head} one more revision", "Name one range, or A and B.")
    left, _, right = text.partition(dots)
    return Asked(left or "HEAD", right or "HEAD", parted=dots == "...")


def sides(git: Git, what: Asked, ci: CI | None, target: str = "", *, fetched: bool = False) -> Sides:
    """The two commits.

    Args:
        git: the repository.
        what: see `asked`.
        ci: the run that this is, where it is one.
        target: the branch that others are merged into, where a person said so.
        fetched: whether what is not here was asked for at the remote.

    Raises:
        UnknownRevisionError: a revision does not exist.
        ShallowCloneError: the clone is too shallow to tell.
        GitError: no target is known, or both sides have nothing in common.
    """
    place = Place(git, ci, target, asked=fetched)
    head = git.resolve(what.head) if what.head else _head(git, ci)
    head_name = place.shown(what.head or (ci.branch if ci else "") or place.branch)
    if not what.parted:
        return Sides(place.resolved(what.base), head, what.base, head_name)
    name = what.base or place.target
    tips = [place.resolved(what.base)] if what.base else place.tips(name)
    base = git.run("merge-base", head, *dict.fromkeys(tips), check=False).strip()
    if not base:
        raise place.nothing_in_common(name, head_name)
    if base == head and ci and ci.before and not what.base:  # a push to the target itself: what it brought
        began = place.began(ci.before, head, sure=ci.system != "pre-commit")
        if began:
            return Sides(began, head, began[:7], head_name, began)
    behind = 0 if tips[0] == base else int(git.run("rev-list", "--count", tips[0], f"^{head}").strip())
    return Sides(base, head, place.shown(name), head_name, tips[0], behind)


def stem(name: str) -> tuple[str, str]:
    """A revision as a branch, and the steps from it: `main~1` is ("main", "~1"). Pure."""
    found = _STEPS.search(name)
    short = name[: found.start()] if found else name
    return short.removeprefix(_HEADS), name[found.start() :] if found else ""


def _head(git: Git, ci: CI | None) -> str:
    """What is checked out, or pushed: that may be another branch."""
    return git.resolve(ci.commit_id) if ci and ci.system == "pre-commit" else git.head()


class Place:
    """A clone, and what its branches are called. `asked` says that its remote was asked for what it lacks."""

    def __init__(self, git: Git, ci: CI | None, target: str = "", *, asked: bool = False) -> None:
        self._git = git
        self._ci = ci
        self._wanted = target
        self._asked = asked

    @cached_property
    def remote(self) -> str:
        """The remote that branches are compared with: `origin`, else the only one, else ""."""
        remotes = self._git.run("remote", check=False).split()
        return "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else ""

    @cached_property
    def target(self) -> str:
        """The branch that others are merged into: as CI says, as configured, else the default one.

        Raises:
            GitError: nothing tells which it is.
        """
        name = (self._ci.target if self._ci else "") or self._wanted or (self._ci.default if self._ci else "")
        return name or self._default()

    def _default(self) -> str:
        git, remote = self._git, self.remote
        default = git.run("symbolic-ref", "--quiet", f"{_REMOTES}{remote}/HEAD", check=False).strip()
        if default and "*" in git.run("config", "--get-all", f"remote.{remote}.fetch", check=False):
            return default.removeprefix(f"{_REMOTES}{remote}/")  # a clone of one branch takes that for it
        setting = git.run("config", "--get", "init.defaultBranch", check=False).strip()
        for name in dict.fromkeys((*_COMMON_NAMES, *filter(None, (setting,)))):
            if self._branches(name):
                return name
        raise GitError(
            "Nothing tells which branch this one is to be merged into",
            "Name it: `dvc-changelog review BRANCH`, or set `target` in the configuration.",
        )

    def tips(self, name: str) -> list[str]:
        """The commits that a target stands for: the remote's branch, and ours unless it is this one.

        A branch may start from what was not pushed yet: that is not its own doing either.
        """
        found = self._branches(name)
        if len(found) > 1 and name == self.branch:
            return found[:1]
        return found or [self.resolved(name)]

    def _branches(self, name: str) -> list[str]:
        """The commits of the branches of a name, that of the remote first."""
        short = name.removeprefix(_HEADS)
        refs = (*((f"{_REMOTES}{self.remote}/{short}",) if self.remote else ()), _HEADS + short)
        told = self._git.run("for-each-ref", "--format=%(refname) %(objectname)", *refs, check=False)
        found = dict(line.rsplit(" ", 1) for line in told.splitlines())
        return [found[ref] for ref in refs if ref in found]

    def resolved(self, name: str) -> str:
        """The commit of a revision that was named; a branch may be there as the remote's only.

        Raises:
            UnknownRevisionError, ShallowCloneError: there is none.
        """
        try:
            return self._git.resolve(name)
        except UnknownRevisionError:
            branch, steps = stem(name)
            if found := self._branches(branch):
                return self._git.resolve(found[0] + steps)
            raise self._absent(name) from None

    def _absent(self, name: str) -> GitError:
        """A branch that is not in this clone: CI often clones one alone."""
        if self._git.shallow:
            return self._cut_off(f"This is a shallow clone, which does not have {name}")
        branch, _ = stem(name)
        fetch = f"git fetch {self.remote} +{_HEADS}{branch}:{_REMOTES}{self.remote}/{branch}"
        return self._elsewhere(name, fetch) if self.remote and self._ci else UnknownRevisionError(name)

    def _elsewhere(self, name: str, fetch: str, why: str = "") -> GitError:
        """What the remote may have, and how to get it; or that it has not."""
        if self._asked:
            it = f"`{self.remote}` does not have it"
            return UnknownRevisionError(name, f"{it}: `git ls-remote {self.remote}` tells what it has.")
        return UnknownRevisionError(name, f"{shallow.fetching(fetch)}, or let --deepen get it{why}.")

    def _cut_off(self, what: str) -> GitError:
        return shallow.cut_off(what, asked=self._asked)

    def nothing_in_common(self, name: str, other: str) -> GitError:
        """The error of two histories that do not meet here."""
        if self._git.shallow:
            parted = f"where {self.shown(name)} and this branch parted"
            return self._cut_off(f"This is a shallow clone: {parted} is cut off")
        return GitError(
            f"{self.shown(name)} and {other} have no commit in common",
            "Compare them as they are: name both, the base first.",
        )

    def began(self, before: str, head: str, *, sure: bool) -> str:
        """The commit that a push began with: what it replaced, or what it left of that.

        "" where both have nothing in common, or where nobody has to be `sure` and it is not here.

        Raises:
            UnknownRevisionError, ShallowCloneError: it is not here.
        """
        found = self._git.run("merge-base", before, head, check=False).strip()
        if found or not sure:
            return found
        short = before[:7]
        if self._git.shallow:
            raise self._cut_off(f"This is a shallow clone: {short}, which this push replaced, is cut off")
        if self._git.run("rev-parse", "--verify", "--quiet", f"{before}^{{commit}}", check=False):
            return ""
        fetch = f"git fetch {self.remote or 'origin'} {before}"
        raise self._elsewhere(short, fetch, ": this push replaced it")

    @cached_property
    def branch(self) -> str:
        """The branch that is checked out, or else the tag or the commit."""
        ref = self._git.run("symbolic-ref", "--quiet", "HEAD", check=False).strip()
        if ref:
            return ref.removeprefix(_HEADS)
        tag = self._git.run("describe", "--tags", "--exact-match", check=False).strip()
        return tag or self._git.resolve("HEAD")[:7]

    def shown(self, name: str) -> str:
        """A revision as a reader calls it: without the remote's name, a full id in short."""
        if is_commit(name):
            return name[:7]
        short = name.removeprefix(_HEADS).removeprefix(_REMOTES)
        if "/" not in short:
            return short
        return without_credentials(short.removeprefix(f"{self.remote}/") if self.remote else short)
