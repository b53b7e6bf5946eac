"""Shallow clones, which CI makes by default: deepened where that is allowed, else told how to mend them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from dvc_changelog.config import seen
from dvc_changelog.errors import GitError, ShallowCloneError
from dvc_changelog.history import source
from dvc_changelog.history.git import Git

_FETCH = ("fetch", "--quiet", "--no-write-fetch-head")
_DEPTHS = (50, 200, 800, 3200)
"""How many commits each further round brings: a branch is short, and a long one should not take forever."""

WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "github": "Write `fetch-depth: 0` below `with:` of `actions/checkout`",
        "gitea": "Write `fetch-depth: 0` below `with:` of `actions/checkout`",
        "gitlab": 'Write `GIT_DEPTH: "0"` below `variables:` of the job',
        "bitbucket": "Write `clone: {depth: full}` in the step of bitbucket-pipelines.yml",
        "azure": "Write `fetchDepth: 0` below `- checkout: self`",
        "jenkins": "Write `cloneOption(shallow: false, noTags: false)` into the `extensions` of the checkout",
    }
)
"""What has each CI system clone the whole history, in the words of its own documentation."""


_STEP: Mapping[str, str] = MappingProxyType(
    {
        "github": "Write `- run: {}` before this step",
        "gitea": "Write `- run: {}` before this step",
        "gitlab": "Write `- {}` below `before_script:` of the job",
        "bitbucket": "Write `- {}` before it in the step's `script:`",
        "azure": "Write `- script: {}` before this step",
        "jenkins": "Write `sh '{}'` before it",
    }
)
"""Where a command goes that is to run first: few CI systems clone more branches than the one they run for."""


def cut_off(what: str, *, asked: bool = False) -> ShallowCloneError:
    """The error of a clone that lacks history, with the line for the CI that this runs in.

    `asked` says that the remote did not give it.
    """
    whole = WHOLE.get(system(), "")
    if asked:
        return ShallowCloneError(what, f"Its remote does not give it. {whole or 'Clone the whole history'}.")
    return ShallowCloneError(what, f"{whole}, or let --deepen get what is missing." if whole else "")


def fetching(command: str) -> str:
    """What to do so that a command of Git runs first, in the words of the CI that this runs in."""
    return _STEP.get(system(), "Run `{}` first").format(command)


def deepen(git: Git, remote: str, refs: Sequence[str], enough: Callable[[], bool]) -> None:
    """Fetch more of the history, in rounds, until there is enough of it or all.

    Args:
        git: a clone; what it knows of its cut is forgotten in between.
        remote: the name of its remote.
        refs: refspecs; those that the remote does not have are left out.
        enough: asked after each round.

    Raises:
        GitError: the remote cannot be reached, or refuses.
    """
    there = list(refs)
    for depth in (*_DEPTHS, 0):
        _fetch(git, remote, depth, there)
        if not git.shallow or enough():
            return


def _fetch(git: Git, remote: str, depth: int, refs: list[str]) -> None:
    """One round; what the remote does not have is taken out of `refs`."""
    how = () if not git.shallow else ("--unshallow",) if not depth else (f"--deepen={depth}",)
    while refs:
        try:
            source.run(git.root, remote, *_FETCH, *how, "--", remote, *refs)
        except GitError as error:
            absent = [ref for ref in refs if _lacks(error.what, ref)]
            if absent:
                refs[:] = [ref for ref in refs if ref not in absent]
                continue
            remedy = WHOLE.get(system(), "Clone the whole history")
            raise GitError(
                f"What this clone lacks cannot be fetched from {remote}: {error.what}",
                f"{remedy}, and leave --deepen out.",
            ) from error
        finally:
            git.forget()
        return


def _lacks(said: str, ref: str) -> bool:
    """Whether Git says that the other side does not have what a refspec asks for."""
    there = ref.lstrip("+").partition(":")[0]
    words = said.split()
    return there in words and ("not our ref" in said or "find remote ref" in said)


def system() -> str:
    """The name of the CI system that this runs in, or ""."""
    ci = seen(os.environ)
    return ci.system if ci else ""
