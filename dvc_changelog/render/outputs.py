"""Lines about models, data sets and what GTO tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import (
    Cause,
    ChangeType,
    Content,
    Deployment,
    Lifecycle,
    Output,
    OutputChange,
    Release,
)
from dvc_changelog.insight import Files, files_between
from dvc_changelog.render import causes, figures, moved, names
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain, strong
from dvc_changelog.render.shapes import LIMIT, Line

_CROWD = 6
"""A stage group (foreach, matrix) with this many outputs of one fate is told in one line."""

_FEW_PLOTS = 3

_CROWD_VERBS = {
    ChangeType.ADDED: "added",
    ChangeType.DELETED: "removed",
    ChangeType.RENAMED: "renamed",
    ChangeType.UNKNOWN: "may have changed",
}


def lines(changes: Sequence[OutputChange], release: Release) -> Iterator[Line]:
    """One line an output; the many outputs of a foreach or matrix stage in one, and so those rehashed."""
    rehashed = [change for change in changes if change.change is ChangeType.UNKNOWN and change.rehashed]
    if len(rehashed) > FEW_LINES:
        yield _all_rehashed(rehashed)
        changes = [change for change in changes if change not in rehashed]
    crowds: dict[tuple[str, str], list[OutputChange]] = {}
    for change in changes:
        crowds.setdefault((_crowd_verb(change, release), _family(change)), []).append(change)
    told: set[tuple[str, str]] = set()
    for change in changes:
        key = (_crowd_verb(change, release), _family(change))
        if not key[1] or len(crowds[key]) < _CROWD:
            yield _told(change, release)
        elif key not in told:
            told.add(key)
            yield _crowd(*key, crowds[key], release)


def _told(change: OutputChange, release: Release) -> Line:
    """An output, and why it changed: at the end of its line where that is short, as it is for most data."""
    text = _line(change, release) + moved.last(change.commits, release)
    below = tuple(_below(change))
    stage = change.new.stage if change.new else ""
    because = _asked(change, release)
    if not change.model and (end := causes.tail(because, stage, release.forge)):
        return Line(text + end, below)
    why = causes.lines(because, stage, release.forge, model=change.model)
    return Line(text, below, because=tuple(why))


def _asked(change: OutputChange, release: Release) -> tuple[Cause, ...]:
    """Why an output changed; of what a merge took back, the runs of the two sides are no reason."""
    by_merge = any(each.merge and each.commit_id == change.taken_back for each in release.reverts)
    return () if by_merge else change.because


def deployment(event: Deployment) -> Phrase:
    """A model that was brought to, or taken from, a place."""
    what = " taken from " if event.cancelled else " deployed to "
    tagged = event.artifact.replace(":", "=")  # as GTO writes it in a tag, with a running number at the end
    version, _, _ = event.version.removeprefix(f"{tagged}@").partition("#")
    name = strong(event.artifact) + (f" {version}" if version else "")
    day = figures.date(event.timestamp)
    return name + what + code(event.target) + (f" ({day})" if day else "")


def lifecycle(event: Lifecycle) -> Phrase:
    """As in "churn v1.1.0 cancelled", "churn deprecated"."""
    name = strong(event.artifact) + (f" {event.version}" if event.version else "")
    day = figures.date(event.timestamp)
    return name + f" {event.event}" + (f" ({day})" if day else "")


def line(change: OutputChange) -> Phrase:
    """An output that changed, alone."""
    return _line(change, None)


def _line(change: OutputChange, release: Release | None) -> Phrase:
    output = change.new or change.old
    name = code(change.path)
    if output and output.artifact and output.artifact.name:
        name = strong(output.artifact.address) + " (" + name + ")"
    back = _back(change, release) if release else Phrase()
    return name + (back or _fate(change, first=bool(release and not release.base))) + _plotted(change)


def _back(change: OutputChange, release: Release) -> Phrase:
    """That it has the content of an earlier release again, with the hash to know it by."""
    if not change.again or not change.new:
        return Phrase()
    new, version = change.new.content, names.label(change.again, release)
    if not change.old:
        return _comma(plain(f" added again, same content as in {version}"), _measure(new), _digest(new))
    old = change.old.content
    told = plain(f": same content as in {version} again (") + _digest(new) + "), rolled back"
    size = _size_step(old, new) if old.size != new.size else ""
    step = [_files(files_between(old, new)), _files_step(old, new), size]
    return told + (f"; {', '.join(part for part in step if part)}" if any(step) else "")


def _plotted(change: OutputChange) -> Phrase:
    """That an output, as it is now, is a plot or holds those of these names."""
    output = change.new if change.change is not ChangeType.RENAMED else None
    named = [name for name in output.plots if not name.startswith(f"{output.path}/")] if output else []
    if output and named == [output.path]:
        return plain(", a plot")
    own = [name for name in named if output and name != output.path]
    if not own:
        return Phrase()
    more = f" and {len(own) - _FEW_PLOTS:,} more" if len(own) > _FEW_PLOTS else ""
    return plain(", plotted as ") + joined(code(name) for name in own[:_FEW_PLOTS]) + more


def _fate(change: OutputChange, *, first: bool) -> Phrase:
    old, new = change.old, change.new
    match change.change:
        case ChangeType.ADDED if new:
            return _added(new, first=first)
        case ChangeType.DELETED if old:
            return plain(" removed (") + _known(old) + ")"
        case ChangeType.RENAMED if old and new:
            return plain(" renamed from ") + code(change.old_path) + _moved_content(change, old, new)
        case ChangeType.UNKNOWN if old and change.awaited:
            return _owed(change, old)
        case ChangeType.UNKNOWN if old and new:
            return _unsure(old, new)
        case ChangeType.UNKNOWN if old:
            return plain(" may have changed: no hash of it is known now, it was ") + _known(old)
        case ChangeType.UNKNOWN if new:
            return plain(" may have changed: no hash of it was known before, it is ") + _known(new)
        case _ if old and new:
            return _modified(change, old, new)
        case _:
            return plain(" may have changed")


def _owed(change: OutputChange, old: Output) -> Phrase:
    """That its stage writes something else from now on; till that is there, this is what is recorded."""
    verb = " is to be written to " if change.goes_to else " is to give way to "
    where = plain(verb) + listed(code(path) for path in change.awaited)
    return where + ": " + code(old.stage) + " has not run since (" + _known(old) + ")"


def _known(output: Output) -> Phrase:
    """As in "10 files, 4.2 MB, `0aa5994c`"."""
    return joined(part for part in (_measure(output.content), _digest(output.content)) if part)


def _moved_content(change: OutputChange, old: Output, new: Output) -> Phrase:
    match change.content_change:
        case ChangeType.MODIFIED:
            return " and" + _modified(change, old, new)
        case ChangeType.UNKNOWN:
            return "," + _unsure(old, new)
        case _:
            return plain(", same content")


_OTHERWISE = "DVC 3 hashes text otherwise than DVC 2 did"


def _all_rehashed(changes: Sequence[OutputChange]) -> Line:
    """Outputs that a mere migration explains: of hundreds there is no more to say than of one."""
    what = figures.count(len(changes), "model" if all(change.model for change in changes) else "output")
    text = plain(f"{what} may be unchanged: each has its size still, but {_OTHERWISE}")
    sizes = (figures.size(change.new.content.size if change.new else None) for change in changes)
    below = tuple(code(change.path) + f", {size}" for change, size in zip(changes, sizes, strict=True))
    return Line(text, below, len(changes))


def _unsure(old: Output, new: Output) -> Phrase:
    if old.content.may_equal(new.content):
        return plain(f" may be unchanged: still {figures.size(new.content.size)}, but {_OTHERWISE}")
    if old.content.migrated(new.content):
        by = [f"DVC {2 if content.legacy else 3}" for content in (old.content, new.content)]
        return plain(f" may have changed: hashed by {by[0]} before, by {by[1]} now")
    before, now = old.content.algorithm, new.content.algorithm
    verb = plain(f" may have changed: identified by {before} before, by {now} now")
    return _comma(verb, plain(_size_step(old.content, new.content)))


def _added(new: Output, *, first: bool) -> Phrase:
    """At the first release everything is new: it is not said again of each output."""
    rest = (_measure(new.content), _digest(new.content))
    if new.maker:
        made = plain(" made by " if first else " added, made by ") + code(new.maker)
        return _comma(made, *rest)
    if first:
        return plain(": ") + joined(part for part in rest if part)
    return _comma(plain(" added"), *rest)


def _modified(change: OutputChange, old: Output, new: Output) -> Phrase:
    files = files_between(old.content, new.content)
    step = (
        plain(_files_step(old.content, new.content)),
        plain(_size_step(old.content, new.content)),
        _digest(old.content) + " → " + _digest(new.content),
    )
    if change.taken_back:
        verb = plain(" taken back")
    elif new.maker:
        verb = plain(" retrained by " if change.model else " rebuilt by ") + code(new.maker)
    elif new.stage:
        verb = plain(" changed since ") + code(new.stage) + " last ran"
    elif files:
        return plain(f": {_files(files)}; ") + joined(part for part in step if part)
    else:
        verb = plain(" updated")
    return _comma(verb, plain(_files(files)), *step)


def _files(files: Files | None) -> str:
    """As in "400 files added, 12 modified"."""
    if not files:
        return ""
    fates = ("added", "deleted", "modified", "renamed")
    told = [(amount, fate) for fate in fates if (amount := len(getattr(files, fate)))]
    return ", ".join(
        f"{amount:,} {fate}" if n else f"{figures.count(amount, 'file')} {fate}"
        for n, (amount, fate) in enumerate(told)
    )


def _below(change: OutputChange) -> Iterator[Phrase]:
    """The files of a directory that changed, each with its fate; not where all were modified.

    Of more than are shown, those of the rarest fate come first: none is crowded out.
    """
    files = files_between(change.old.content, change.new.content) if change.old and change.new else None
    if not files or not change.new or len(files.modified) == len(change.new.content.files) > 0:
        return
    simple = (("added", files.added), ("deleted", files.deleted), ("modified", files.modified))
    fates = [[code(path) + f" {fate}" for path in paths] for fate, paths in simple]
    fates.append([code(new) + " renamed from " + code(old) for old, new in files.renamed])
    if sum(map(len, fates)) > LIMIT:
        fates.sort(key=len)
    for lines in fates:
        yield from lines


def _crowd_verb(change: OutputChange, release: Release) -> str:
    if change.again:
        return f"with the content of {names.label(change.again, release)} again"
    if change.awaited:
        return "to be written elsewhere" if change.goes_to else "to give way to others"
    made = "taken back" if change.taken_back else "retrained" if change.model else "rebuilt"
    verb = _CROWD_VERBS.get(change.content_change, "changed" if change.new and change.new.altered else made)
    return verb if change.change is change.content_change else f"renamed and {verb}"


def _crowd(verb: str, family: str, changes: Sequence[OutputChange], release: Release) -> Line:
    """As in "`fetch@…`: 2,040 outputs rebuilt, 3.2 GB → 3.4 GB"."""
    what = figures.count(len(changes), "model" if all(change.model for change in changes) else "output")
    old = _total([change.old for change in changes])
    new = _total([change.new for change in changes])
    sizes = figures.sizes(old, new) if old and new else figures.size(new or old)
    roots = causes.together(_asked(change, release) for change in changes)
    why = causes.lines(roots, family, release.forge, model=all(change.model for change in changes))
    done = f" {verb}" if release.base else ""
    text = _comma(code(family) + f": {what}{done}", plain(sizes))
    return Line(text, weight=len(changes), because=tuple(why))


def _family(change: OutputChange) -> str:
    output = change.new or change.old
    return names.family(output.stage) if output else ""


def _measure(content: Content) -> Phrase:
    files = figures.count(content.nfiles, "file") if content.nfiles is not None else ""
    return plain(", ".join(part for part in (files, figures.size(content.size)) if part))


def _digest(content: Content) -> Phrase:
    return code(figures.digest(content.digest)) if content.digest else plain("")


def _files_step(old: Content, new: Content) -> str:
    if old.is_dir != new.is_dir and old.algorithm == new.algorithm == "md5":
        return f"{_kind(old)} → {_kind(new)}"
    if old.nfiles is None or new.nfiles is None:
        return figures.count(new.nfiles, "file") if new.nfiles is not None else ""
    if old.nfiles == new.nfiles:
        return f"still {figures.count(new.nfiles, 'file')}"
    return f"{old.nfiles:,} → {figures.count(new.nfiles, 'file')}"


def _kind(content: Content) -> str:
    """As in "a directory of 400 files"."""
    if not content.is_dir:
        return "a file"
    of = "" if content.nfiles is None else f" of {figures.count(content.nfiles, 'file')}"
    return f"a directory{of}"


def _size_step(old: Content, new: Content) -> str:
    """The sizes where both are known; one that stayed is not worth a word."""
    return figures.sizes(old.size, new.size) if None not in {old.size, new.size} else ""


def _total(outputs: Sequence[Output | None]) -> int | None:
    """The sizes together; None where one is not recorded, since a part is not the whole."""
    sizes = [output.content.size for output in outputs if output]
    return None if not sizes or None in sizes else sum(size or 0 for size in sizes)


def _comma(first: Phrase, *rest: Phrase) -> Phrase:
    return joined((first, *(phrase for phrase in rest if phrase)))
