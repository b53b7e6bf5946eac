"""Which two states a review compares: what was asked for, the branch that it goes to, where they parted.

As `git diff` has it: `A B` and `A..B` are the two as they are, `A...B` is from where they parted. With one
revision or none it is from there too: what landed on the target meanwhile is not the branch's doing.
"""

from __future__ import annotations

from dataclasses import dataclass

from dvc_changelog.config import CI
from dvc_changelog.domain.address import without_credentials
from dvc_changelog.errors import GitError, UnknownRevisionError, UsageError
from dvc_changelog.history import shallow
from dvc_changelog.history.git import Git

_COMMON_NAMES = ("main", "master")
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


def sides(git: Git, what: Asked, ci: CI | None, target: str = "") -> Sides:
    """The two commits.

    Args:
        git: the repository.
        what: see `asked`.
        ci: the run that this is, where it is one.
        target: the branch that others are merged into, where a person said so.

    Raises:
        UnknownRevisionError: a revision does not exist.
        ShallowCloneError: the clone is too shallow to tell.
        GitError: no target is known, or both sides have nothing in common.
    """
    head = git.resolve(what.head) if what.head else git.head()
    head_name = what.head or (ci.branch if ci else "") or _checked_out(git)
    if not what.parted:
        return Sides(_resolved(git, what.base, ci), head, what.base, _shown(git, head_name))
    name = what.base or target_of(git, ci, target)
    tips = _tips(git, name, ci) if not what.base else [_resolved(git, what.base, ci)]
    base = git.run("merge-base", head, *tips, check=False).strip()
    if not base:
        if git.shallow:
            parted = f"where {_shown(git, name)} and this branch parted"
            raise shallow.cut_off(f"This is a shallow clone: {parted} is cut off")
        raise GitError(
            f"{_shown(git, name)} and {_shown(git, head_name)} have no commit in common",
            "Compare them as they are: name both, the base first.",
        )
    if base == head and ci and ci.before and not what.base and _is_ancestor(git, ci.before, head):
        # A push to the target itself: what it brought is looked at.
        return Sides(git.resolve(ci.before), head, ci.before[:7], _shown(git, head_name), ci.before)
    behind = int(git.run("rev-list", "--count", tips[0], f"^{head}").strip())
    return Sides(base, head, _shown(git, name), _shown(git, head_name), tips[0], behind)


def target_of(git: Git, ci: CI | None, target: str = "") -> str:
    """The name of the branch that others are merged into: as CI says, as configured, else the default one.

    Raises:
        GitError: nothing tells which it is.
    """
    if name := (ci.target if ci else "") or target:
        return name
    if ci and ci.default:
        return ci.default
    remote = remote_of(git)
    default = git.run("symbolic-ref", "--quiet", f"{_REMOTES}{remote}/HEAD", check=False).strip()
    if default and "*" in git.run("config", "--get-all", f"remote.{remote}.fetch", check=False):
        return default.removeprefix(
            f"{_REMOTES}{remote}/"
        )  # a clone of one branch takes that for the default
    places = [_HEADS, *([f"{_REMOTES}{remote}/"] if remote else ())]
    setting = git.run("config", "--get", "init.defaultBranch", check=False).strip()
    for name in dict.fromkeys((*_COMMON_NAMES, *filter(None, (setting,)))):
        if any(_exists(git, place + name) for place in places):
            return name
    raise GitError(
        "Nothing tells which branch this one is to be merged into",
        "Name it: `dvc-changelog review BRANCH`, or set `target` in the configuration.",
    )


def remote_of(git: Git) -> str:
    """The remote that branches are compared with: `origin`, else the only one, else ""."""
    remotes = git.run("remote", check=False).split()
    return "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else ""


def _tips(git: Git, name: str, ci: CI | None) -> list[str]:
    """The commits that a target stands for: the remote's branch, and ours of that name unless it is this one.

    A branch may start from what was not pushed yet: that is not its own doing either.
    """
    remote = remote_of(git)
    here = git.run("symbolic-ref", "--quiet", "HEAD", check=False).strip()
    refs = [f"{_REMOTES}{remote}/{name}"] if remote else []
    refs += [_HEADS + name] if here != _HEADS + name else []
    found = [git.resolve(ref) for ref in refs if _exists(git, ref)]
    if found:
        return found
    if ref := next((ref for ref in (_HEADS + name, name) if _exists(git, ref)), ""):
        return [git.resolve(ref)]
    raise _absent(git, name, ci)


def _resolved(git: Git, name: str, ci: CI | None) -> str:
    """The commit of a revision that was named; in CI a branch may be there as the remote's only."""
    if _exists(git, name):
        return git.resolve(name)
    remote = remote_of(git)
    if remote and _exists(git, f"{_REMOTES}{remote}/{name}"):
        return git.resolve(f"{_REMOTES}{remote}/{name}")
    raise _absent(git, name, ci)


def _absent(git: Git, name: str, ci: CI | None) -> GitError:
    """A branch that is not in this clone; CI often clones one alone."""
    if git.shallow:
        return shallow.cut_off(f"This is a shallow clone, which does not have {name}")
    remote = remote_of(git)
    fetch = f"`git fetch {remote} +{_HEADS}{name}:{_REMOTES}{remote}/{name}`"
    return UnknownRevisionError(name, f"{fetch} gets it, and so does --deepen." if remote and ci else "")


def _exists(git: Git, name: str) -> bool:
    if name.startswith("-") or not name.strip():
        return False
    spelled = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return bool(git.run(*spelled, check=False).strip())


def _is_ancestor(git: Git, one: str, other: str) -> bool:
    return _exists(git, one) and git.run("merge-base", one, other, check=False).strip() == git.resolve(one)


def _checked_out(git: Git) -> str:
    """The branch that is checked out, or else the tag or the commit."""
    ref = git.run("symbolic-ref", "--quiet", "HEAD", check=False).strip()
    if ref:
        return ref.removeprefix(_HEADS)
    return git.run("describe", "--tags", "--exact-match", check=False).strip() or git.resolve("HEAD")[:7]


def _shown(git: Git, name: str) -> str:
    """A revision as a reader calls it: without the remote's name, a full id in short."""
    if len(name) >= 40 and all(char in "0123456789abcdef" for char in name):  # noqa: PLR2004  # an id of Git
        return name[:7]
    short = name.removeprefix(_HEADS).removeprefix(_REMOTES)
    remote = remote_of(git)
    return without_credentials(short.removeprefix(f"{remote}/") if remote else short)
