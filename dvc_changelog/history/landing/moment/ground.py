"""Files and index of the working tree: putting what is staged, taking it back, and bringing it to its end."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from .plan import FRESH, INDEX, JOURNAL, Plan, Put, Refused, digest, settle_directory, settle_file
from .refs import is_checked_out

_TRIES = 8
"""On Windows a file that another program has open cannot be replaced; most let go at once."""

Step = Callable[[str], None]
"""Told the name of each step before it is done."""


def as_refused(error: OSError | Refused) -> Refused:
    """An error of the disk in the words that a user meets."""
    if isinstance(error, Refused):
        return error
    named = error.filename if error.filename2 is None else error.filename2  # of two, the one moved to
    name = "a file" if named is None else os.fsdecode(named)
    return Refused(
        f"{name}: cannot be written: {error.strerror or error}",
        "Make the file and its directory writable. Nothing was released.",
    )


def lock_index(plan: Plan) -> None:
    """Take the lock on the index, with what the index is to be in it. Raises Refused, OSError."""
    try:
        _create(plan.place / INDEX, plan.index_lock)
    except FileExistsError as error:
        raise Refused(
            f"Another git is at work here: {plan.index_lock} exists",
            "Wait for it to end. If none is running, one crashed: delete the file.",
            again=True,
        ) from error
    if digest(plan.index) != plan.index_before:
        raise Refused("The index changed while the release was being prepared", "Run this again.", again=True)


def _create(source: Path, target: Path) -> None:
    """Put a file where none is; a link is there at once and in full."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, or another one
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(source.read_bytes())
        except OSError:
            target.unlink()
            raise


def is_ours(plan: Plan) -> bool:
    """Whether the lock on the index is of this plan: it holds what we made to be the index, or a part.

    An empty one is that of a Git which is still to write.
    """
    try:
        found = plan.index_lock.read_bytes()
    except FileNotFoundError:
        return False
    made = [plan.place / name for name in (INDEX, FRESH) if (plan.place / name).exists()]
    return bool(found) and any(path.read_bytes().startswith(found) for path in made)


def unlock_index(plan: Plan) -> None:
    """Give the lock on the index back, if it is ours."""
    if is_ours(plan):
        plan.index_lock.unlink()


def look(plan: Plan) -> None:
    """See that the working tree still is what was prepared from."""
    if not is_checked_out(plan):
        raise Refused("Another branch was checked out meanwhile", "Switch back to it and run this again.")
    for put in plan.puts:
        if digest(put.target) != put.before:
            raise Refused(
                f"{put.name} was changed while the release was being prepared",
                "Commit the change, or take it back, and run this again.",
            )


def put_file(plan: Plan, number: int) -> None:
    """Move a staged file to its place. Raises OSError, with the file as before."""
    put = plan.puts[number]
    if put.before != put.after:
        Path(put.target).parent.mkdir(parents=True, exist_ok=True)
        _move(plan, plan.place / f"{number}.after", Path(put.target))


def _move(plan: Plan, source: Path, target: Path) -> None:
    try:
        _replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = _beside(plan, target)
        try:
            shutil.copyfile(source, beside)
            _resemble(beside, source.stat())
            with beside.open("rb+") as file:
                settle_file(file)
            _replace(beside, target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


def _beside(plan: Plan, target: Path) -> Path:
    return target.with_name(f".{target.name}.{plan.id}.tmp")


def _resemble(path: Path, model: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(path, model.st_uid, model.st_gid)
    path.chmod(model.st_mode & 0o7777)
    os.utime(path, ns=(model.st_atime_ns, model.st_mtime_ns))


def _replace(source: Path, target: Path) -> None:
    for attempt in range(_TRIES if os.name == "nt" else 0):
        with contextlib.suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(0.01 * 2**attempt)
    source.replace(target)


def undo(plan: Plan, step: Step) -> None:
    """Take the files back where they hold what we put, free the index, and forget the plan."""
    try:
        if is_checked_out(plan):
            for number, put in enumerate(plan.puts):
                step(f"take {put.name} back")
                _take_back(plan, number, put)
            for directory in plan.made:
                with contextlib.suppress(OSError):  # it was not made, or holds what is not ours
                    Path(directory).rmdir()
        step("unlock the index")
        unlock_index(plan)
        if is_checked_out(plan) and any(put.before != put.after for put in plan.puts):
            _rewrite_index(plan, step, "-q", "--refresh")
        step("forget")
        forget(plan)
    except OSError as error:
        refused = as_refused(error)
        raise Refused(
            f"A release that did not land could not be taken back in full: {refused.what}",
            "Put this right and run `dvc-changelog release` again: it goes on from here.",
        ) from error


def _take_back(plan: Plan, number: int, put: Put) -> None:
    target = Path(put.target)
    _beside(plan, target).unlink(missing_ok=True)
    if put.before == put.after or digest(target) != put.after:
        return
    if put.before is None:
        target.unlink()
    else:
        _move(plan, plan.place / f"{number}.before", target)


def finish(plan: Plan, step: Step) -> None:
    """Bring files and index to what the branch has by now, and forget the plan."""
    try:
        if is_checked_out(plan):
            _finish_files(plan, step)
            step("put the index")
            if is_ours(plan) and digest(plan.index) == plan.index_before:
                _replace(plan.index_lock, Path(plan.index))
            unlock_index(plan)
            _finish_entries(plan, step)
            _rewrite_index(plan, step, "-q", "--refresh")
        else:
            unlock_index(plan)
        for directory in {str(Path(put.target).parent) for put in plan.puts} | {str(Path(plan.index).parent)}:
            settle_directory(directory)
        step("forget")
        forget(plan)
    except OSError as error:
        raise Refused(
            f"{plan.tag} is released, but not everything could be brought to it: {as_refused(error).what}",
            "Put this right and run `dvc-changelog release` again: it goes on from here.",
        ) from error


def _finish_files(plan: Plan, step: Step) -> None:
    for number, put in enumerate(plan.puts):
        _beside(plan, Path(put.target)).unlink(missing_ok=True)
        waits = (plan.place / f"{number}.after").exists()
        if put.before != put.after and waits and digest(put.target) == put.before:
            step(f"put {put.name}")
            put_file(plan, number)


def _rewrite_index(plan: Plan, step: Step, *options: str, data: bytes = b"") -> bool:
    """Let Git update a copy of the index and put that in place; False if another Git is at the index.

    A Git that is killed at the index itself leaves a lock that nobody can tell from that of a living one.
    """
    step("refresh a copy of the index")
    fresh, before = plan.place / FRESH, digest(plan.index)
    if before is None:
        return False
    fresh.unlink(missing_ok=True)  # the one that was put is the index itself, by another name
    shutil.copyfile(plan.index, fresh)
    shutil.copymode(plan.index, fresh)
    plan.git("update-index", *options, data=data, index=str(fresh))
    step("lock the index to put the copy")
    try:
        _create(fresh, plan.index_lock)
    except FileExistsError:
        return False
    step("put the copy")
    if digest(plan.index) == before:
        _replace(plan.index_lock, Path(plan.index))
        return True
    unlock_index(plan)
    return False


def _finish_entries(plan: Plan, step: Step) -> None:
    """Set those entries of the index that are still as before: our lock was deleted by hand, say."""
    if not plan.puts:
        return
    _, said = plan.git("ls-files", "--stage", "-z", "--", *(put.name for put in plan.puts))
    listed = (entry.split("\t", 1) for entry in said.split("\0") if entry)
    found = {name: head.rsplit(" ", 1)[0] for head, name in listed}
    behind = [put for put in plan.puts if found.get(put.name) == put.entry_before != put.entry_after]
    data = "".join(f"{put.entry_after}\t{put.name}\0" for put in behind).encode("utf-8", "surrogateescape")
    if data and not _rewrite_index(plan, step, "-z", "--index-info", data=data):
        raise OSError(0, "another git is at work here", plan.index)


def forget(plan: Plan) -> None:
    """Take the plan away: what it says is done, or taken back."""
    (plan.home / JOURNAL).unlink(missing_ok=True)
    settle_directory(plan.home)
    shutil.rmtree(plan.place, ignore_errors=True)
