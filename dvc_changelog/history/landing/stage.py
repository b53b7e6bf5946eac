"""Staging: what will be put is written beside where it goes, so that the moment has to rename and no more.

What is staged lies in Git's own directory, where it is no untracked file: in the one that all working trees
share, so that whichever of them is released from next ends what was cut off.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path

from dvc_changelog.history.git import Git
from dvc_changelog.history.landing import checks, making
from dvc_changelog.history.landing.moment.plan import (
    INDEX,
    Plan,
    Put,
    digest,
    digest_of,
    home_of,
    settle_file,
)
from dvc_changelog.history.landing.value import Landing


def stage(git: Git, landing: Landing, common: str) -> Plan:
    """Write all that will be put beside where it goes, in a directory of its own below the Git directory.

    Raises GitError if a file has changes; OSError if there is no writing.
    """
    checks.unchanged(git, landing.files)
    root = os.path.realpath(git.root)
    git_dir, index = git.run("rev-parse", "--absolute-git-dir", "--git-path", "index").splitlines()
    index = os.path.realpath(git.root / index)
    key = secrets.token_hex(8)
    place = home_of(common) / key
    place.mkdir(parents=True)
    listed = _listed(git, landing)
    puts = [
        Put(
            name=name,
            target=str(Path(root, name)),
            before=None if landing.before[name] is None else digest_of(landing.before[name] or b""),
            after=digest_of(content),
            entry_before=listed.get(name, ("", None))[1],
            entry_after=landing.entries[name],
        )
        for name, content in landing.files.items()
    ]
    for number, put in enumerate(puts):
        _stage_file(place, number, Path(put.target), landing.before[put.name], landing.files[put.name])
    return Plan(
        id=key,
        root=root,
        git_dir=os.path.realpath(git_dir),
        common_dir=common,
        index=index,
        index_before=_stage_index(git, Path(index), place / INDEX, landing, listed),
        branch=landing.branch,
        old=landing.parent,
        new=landing.commit_id,
        tag=landing.tag,
        tag_id=landing.tag_id,
        reason=f"commit: {landing.subject}",
        puts=tuple(puts),
        made=tuple(_missing(puts)),
    )


def _listed(git: Git, landing: Landing) -> dict[str, tuple[str, str]]:
    """Of each file that the index has: how Git marks it, and its entry."""
    if not landing.files:
        return {}
    said = git.feed(
        "ls-files", "-v", "--stage", "-z", "--", *landing.files, environment=checks.LITERAL
    ).split("\0")
    found = (entry.split("\t", 1) for entry in said if entry)
    return {name: (head[0], head[2:].rsplit(" ", 1)[0]) for head, name in found}


def _stage_index(
    git: Git, index: Path, staged: Path, landing: Landing, listed: dict[str, tuple[str, str]]
) -> str | None:
    """Write the index that is to be: that of now with the entries laid over. The hash of that of now."""
    before = digest(index)
    environment = {**checks.LITERAL, "GIT_INDEX_FILE": str(staged)}
    if before is None:
        git.feed("read-tree", "--empty", environment=environment)
    else:
        shutil.copyfile(index, staged)
        shutil.copymode(index, staged)
    data = making.index_info(landing.entries)
    git.feed("update-index", "-z", "--index-info", data=data, environment=environment)
    for option, marks in (("--assume-unchanged", "hsmrck"), ("--skip-worktree", "Ss")):
        if marked := [name for name, (mark, _) in listed.items() if mark in marks]:
            git.feed("update-index", option, "--", *marked, environment=environment)
    with staged.open("rb+") as file:
        settle_file(file)
    return before


def _stage_file(place: Path, number: int, target: Path, before: bytes | None, after: bytes) -> None:
    model = target.stat() if before is not None else None
    for moment, content in (("after", after), ("before", before)):
        if content is None:
            continue
        path = place / f"{number}.{moment}"
        with path.open("wb") as file:
            file.write(content)
            settle_file(file)
        if model is not None:
            if hasattr(os, "chown"):
                with contextlib.suppress(OSError):
                    os.chown(path, model.st_uid, model.st_gid)
            path.chmod(model.st_mode & 0o7777)
            if moment == "before":
                os.utime(path, ns=(model.st_atime_ns, model.st_mtime_ns))


def _missing(puts: list[Put]) -> list[str]:
    """The directories that the files need and that are not there, those inside of others first."""
    parents = {parent for put in puts for parent in Path(put.target).parents if not parent.exists()}
    return sorted(map(str, parents), key=len, reverse=True)


def clear(home: Path) -> None:
    """Take away what was staged by runs that ended before they wrote a plan down: the lock is held."""
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
