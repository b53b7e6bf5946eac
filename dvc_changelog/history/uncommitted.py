"""What a working tree has that its commit does not: changes, conflicts, an operation that is not done."""

from __future__ import annotations

from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import UsageError
from dvc_changelog.history.git import Git

_STATUS = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames")
_FIELDS = {"1": 8, "u": 10, "?": 1}
"""How many fields stand before the path in an entry, by its kind."""
_OPERATIONS = {
    "rebase-merge": "rebase",
    "rebase-apply/rebasing": "rebase",
    "rebase-apply/applying": "am",
    "rebase-apply": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "sequencer": "cherry-pick",
    "BISECT_LOG": "bisect",
}
"""What Git keeps while an operation is not done; of several, the first says which it is."""


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """Paths from the Git root, and the command of Git that is not done, "" for none.

    `changed` are tracked files, staged or not; `conflicts` those that a merge left to a person. Of
    `submodules` another commit is checked out, or their own files changed. `untracked` are not ignored ones.
    """

    changed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()
    operation: str = ""


def uncommitted(git: Git) -> Uncommitted:
    """What is not committed in the working tree.

    Raises:
        UsageError: the repository is bare.
        GitError: Git cannot tell the state of the working tree.
    """
    if git.bare:
        raise UsageError("A bare repository has no working tree", "Run this in a clone of it.")
    found: dict[str, list[str]] = {"1": [], "u": [], "?": [], "S": []}
    for entry in filter(None, git.feed(*_STATUS).split("\0")):
        kind = entry[0]
        if kind not in _FIELDS:
            continue
        *fields, path = entry.split(" ", _FIELDS[kind])
        if kind == "1" and fields[2].startswith("S") and fields[1] == ".M":
            # As "SC.." or "S.M."; what only has untracked files is as it was committed.
            if fields[2] != "S..U":
                found["S"].append(path)
        else:
            found[kind].append(path.removesuffix("/"))
    return Uncommitted(
        tuple(found["1"]), tuple(found["u"]), tuple(found["S"]), tuple(found["?"]), operation(git)
    )


def operation(git: Git) -> str:
    """The command of Git that is not done, such as "merge"; "" for none."""
    asked = [part for name in _OPERATIONS for part in ("--git-path", name)]
    places = git.run("rev-parse", *asked).split("\n")
    for name, place in zip(_OPERATIONS.values(), places, strict=False):
        found = Path(git.root, place)
        if found.name == "sequencer" and found.is_dir():  # of several commits, one was not taken over
            return "revert" if _text(found / "todo").startswith("revert") else name
        if found.exists():
            return name
    return ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
