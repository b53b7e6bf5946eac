"""The life of one thing in words and a table: what Markdown and a terminal show alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import ChangeType, Content, Entry, Life, Onset, Reading, Subject, Traced, same
from dvc_changelog.insight import is_seed
from dvc_changelog.render import causes, cells, figures, links, names
from dvc_changelog.render.escape import heading
from dvc_changelog.render.phrase import Phrase, code, joined, link, listed, plain, prose, strong
from dvc_changelog.render.shapes import Table

UNREAD = "not readable here"
_FEW = 3
_HEADER = ("Release", "Date", "Value", "Change", "Commit", "Author", "Why")
_PLACES = re.compile(r"(?<=\d),(?=\d)")
_NUMERIC = (False, False, True, True, False, False, False)


@dataclass(frozen=True, slots=True)
class Seen:
    """A life as a reader sees it; `steps` are its numbers, oldest first, None where there is none."""

    title: Phrase
    summary: tuple[Phrase, ...]
    answers: tuple[Phrase, ...]
    table: Table
    remarks: tuple[Phrase, ...]
    steps: tuple[float | None, ...]


def seen(life: Life, *, table: bool = True) -> Seen:
    """What to show of a life; without `table` only what there is to say."""
    rows = [_row(entry, life) for entry in life.entries]
    if life.before:
        release, date, value, _, *rest = _row(life.before, life)
        rows.append((release, date, value, plain("there before"), *rest))
    header = tuple(map(plain, _HEADER))
    told = (*life.entries, *((life.before,) if life.before else ()))
    return Seen(
        title=_title(life.subject),
        summary=tuple(_summary(life)),
        answers=tuple(_answers(life)) if life.condition else (),
        table=Table(header, tuple(rows) if table else (), _NUMERIC),
        remarks=tuple(_remarks(told)),
        steps=() if _is_seed(life.subject) else tuple(entry.new.number for entry in reversed(told)),
    )


def markdown(life: Life, *, table: bool = True) -> str:
    """A life as Markdown: a heading, what there is to say, and a table unless it is not wanted."""
    shown = seen(life, table=table)
    parts = [f"## {heading(shown.title.markdown)}", *(line.markdown for line in shown.summary)]
    if shown.answers:
        parts.append("\n".join(f"- {line.markdown}" for line in shown.answers))
    if shown.table.rows:
        parts.append("\n".join(_lines(shown.table)))
    parts += [line.markdown for line in shown.remarks]
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> Iterator[str]:
    for cells_ in (table.header, *table.rows):
        yield f"| {' | '.join(cell.cell for cell in cells_)} |"
        if cells_ is table.header:
            yield f"|{'|'.join('--:' if right else ':--' for right in table.numeric)}|"


def _title(subject: Subject) -> Phrase:
    if subject.artifact:
        return strong(subject.artifact) + " (" + code(subject.path) + ")"
    return code(subject.name) + " in " + code(subject.path) if subject.name else code(subject.path)


def _summary(life: Life) -> Iterator[Phrase]:
    """What there is now, and how much happened."""
    if not life.entries:
        since = f" since {life.since}" if life.since else " on the way to this revision"
        yield plain("Nothing changed it") + since + ". " + _now(life.now, life.subject.kind)
        return
    days = [figures.date(entry.commit.timestamp) for entry in (life.entries[-1], life.entries[0])]
    when = f"on {days[0]}" if days[0] == days[1] else f"from {days[0]} to {days[1]}"
    changes = figures.count(len(life.entries), "change") + (f" since {life.since}," if life.since else "")
    authors = figures.count(len({entry.commit.author.name for entry in life.entries}), "author")
    spread = "" if _is_seed(life.subject) else _spread(life.entries, life.subject.kind)
    yield _now(life.now, life.subject.kind) + f" {changes} {when}, by {authors}{spread}."


def _is_seed(subject: Subject) -> bool:
    """Whether its numbers are names: none is larger than another."""
    return subject.kind is Traced.PARAM and is_seed(subject.name)


def _now(now: Reading, kind: Traced) -> Phrase:
    if now.unread:
        return plain("Now it cannot be read here.")
    if not now.there:
        return plain("It is no longer there.")
    return "Now " + _value(now, kind) + "."


def _spread(entries: Sequence[Entry], kind: Traced) -> str:
    """Between which numbers it moved, as in ", between 0.7 and 0.9"; "" where it did not."""
    found = {number for entry in entries for number in (entry.old.number, entry.new.number)}
    known = [number for number in found if number is not None and number == number]  # noqa: PLR0124  # NaN
    if len(known) < 2:  # noqa: PLR2004  # nothing between
        return ""
    low, high = _numbers(min(known), max(known), kind)
    return f", between {low} and {high}"


def _answers(life: Life) -> Iterator[Phrase]:
    """When the condition became true, newest first; and whether it is."""
    assert life.condition is not None
    asked = code(life.condition.text)
    since = f" since {life.since}" if life.since else ""
    for onset in life.onsets:
        yield _onset(onset, asked, life)
    if _was_at_first(life):
        end = _first_end(life)
        yield asked + (" was so already," + _until(end, life) + "." if end else f" held all along{since}.")
    elif not life.onsets:
        unsure = any(entry.new.unread for entry in life.entries) or life.now.unread
        yield asked + f" was never so{since}" + (", as far as it can be read here." if unsure else ".")
    if life.holds is None:
        yield plain("Whether it is so now cannot be read here.")
    elif life.onsets:
        yield plain("It is so now." if life.holds else "It is not so now.")


def _was_at_first(life: Life) -> bool:
    from dvc_changelog.insight import holds

    first = life.entries[-1].old if life.entries else life.now
    return bool(life.condition and holds(life.condition, first))


def _first_end(life: Life) -> Entry | None:
    """Where what was so at first first was not."""
    from dvc_changelog.insight import holds

    assert life.condition is not None
    oldest_first = reversed(life.entries)
    return next((entry for entry in oldest_first if holds(life.condition, entry.new) is False), None)


def _onset(onset: Onset, asked: Phrase, life: Life) -> Phrase:
    entry, until = onset.entry, onset.until
    how = ""
    if not entry.old.there:
        how = " when it came back" if _was_there(entry, life) else " from the beginning"
    text = asked + " became so" + how + _in(entry, life) + " with " + _commit(entry, life)
    text += f" by {entry.commit.author.name}, {figures.date(entry.commit.timestamp)}"
    if moved := _pair(entry, life.subject.kind):
        text += f": {moved}"
    if until:
        text += ";" + _until(until, life)
    text += "."
    if why := _why(entry, life):
        text += " Why: " + why + "."
    if not onset.sure:
        text += " What was there just before cannot be read here: it may have been so earlier."
    return text


def _until(entry: Entry, life: Life) -> Phrase:
    id_ = link(entry.commit.id[:7], links.commit(entry.commit.id, life.forge), as_code=True)
    return " until " + id_ + _in(entry, life) + f", {figures.date(entry.commit.timestamp)}"


def _was_there(entry: Entry, life: Life) -> bool:
    """Whether there was any of it before this entry."""
    earlier = life.entries[life.entries.index(entry) + 1 :] if entry in life.entries else ()
    return life.before is not None or any(each.new.there for each in earlier)


def _in(entry: Entry, life: Life) -> str:
    return f" in {names.label(entry.version, life)}" if entry.version else " (unreleased)"


def _pair(entry: Entry, kind: Traced) -> str:
    old, new = entry.old.number, entry.new.number
    return " → ".join(_numbers(old, new, kind)) if old is not None and new is not None else ""


def _numbers(old: float, new: float, kind: Traced) -> tuple[str, str]:
    """Two numbers: those of params as they are written, which may be a year."""
    return (figures.value(old), figures.value(new)) if kind is Traced.PARAM else figures.numbers(old, new)


def _row(entry: Entry, life: Life) -> tuple[Phrase, ...]:
    return (
        plain(names.label(entry.version, life) if entry.version else "Unreleased"),
        plain(figures.date(entry.commit.timestamp)),
        _cell(entry, life.subject.kind),
        _change(entry, life),
        _commit(entry, life),
        plain(entry.commit.author.name),
        _why(entry, life),
    )


def _cell(entry: Entry, kind: Traced) -> Phrase:
    if entry.new.unread:
        return plain(UNREAD)
    if not entry.new.there:
        return plain("")
    old, new = entry.old.number, entry.new.number
    if kind is Traced.METRIC and old is not None and new is not None:
        return plain(figures.numbers(old, new)[1])
    return _value(entry.new, kind)


def _value(reading: Reading, kind: Traced) -> Phrase:
    if reading.content:
        return joined(_identity(reading.content))
    number = reading.number
    if isinstance(number, float) and kind is not Traced.PARAM:
        return plain(figures.number(number))
    return cells.value(reading.value)


def _identity(content: Content) -> Iterator[Phrase]:
    yield code(figures.digest(content.digest))
    if content.nfiles is not None:
        yield plain(figures.count(content.nfiles, "file"))
    if content.size is not None:
        yield plain(figures.size(content.size))


def _change(entry: Entry, life: Life) -> Phrase:
    """What became of it, in figures or in a word."""
    match entry.change:
        case ChangeType.DELETED:
            return "moved to " + code(entry.moved_to) if entry.moved_to else plain("removed")
        case ChangeType.RENAMED:
            old = Subject(Traced.OUTPUT, entry.old.path, entry.old.name)
            moved = f", {_step(entry, life)}" if not same(entry.old.value, entry.new.value) else ""
            return "was " + code(old.target) + moved
        case ChangeType.UNKNOWN if not entry.new.unread and not entry.old.unread:
            return plain("may be the same")
        case _:
            pass
    if entry.again:
        version = names.label(entry.again_in, life) if entry.again_in else ""
        return "back to " + code(entry.again[:7]) + (f" ({version})" if version else "")
    if entry.change is ChangeType.UNKNOWN:
        return plain("")
    if entry.change is ChangeType.ADDED and entry is not life.before and _was_there(entry, life):
        return plain("there again")
    return plain(_step(entry, life) or cells.word(entry.change))


def _step(entry: Entry, life: Life) -> str:
    """How far a number moved; of what is no number, and of a seed, that it changed."""
    if _is_seed(life.subject):
        return "changed" if entry.change in {ChangeType.MODIFIED, ChangeType.RENAMED} else ""
    told = figures.step(entry.old.value, entry.new.value, entry.delta)
    if life.subject.kind is Traced.PARAM:
        told = _PLACES.sub("", told)
    return told or ("changed" if entry.change is ChangeType.RENAMED else "")


def _commit(entry: Entry, life: Life) -> Phrase:
    commit = entry.commit
    return (
        link(commit.id[:7], links.commit(commit.id, life.forge), as_code=True) + " " + prose(commit.message)
    )


def _why(entry: Entry, life: Life) -> Phrase:
    """What its author said, and the first causes; by which way they came here, JSON and reviews tell."""
    said = joined(map(prose, entry.reasons), "; ")
    clauses = causes.clauses(entry.because, entry.stage, life.forge, model=entry.model)
    found = ["perhaps " + clause.body if "perhaps" in clause.lead else clause.body for clause in clauses]
    more = [f"{len(found) - _FEW:,} more"] if len(found) > _FEW else []
    shown = listed([*found[:_FEW], *more])
    return said + " (" + shown + ")" if said and shown else said or shown


def _remarks(entries: Sequence[Entry]) -> Iterator[Phrase]:
    """Why entries cannot be read, each reason once."""
    reasons: dict[str, list[str]] = {}
    for entry in entries:
        if entry.new.unread:
            reasons.setdefault(entry.new.unread, []).append(entry.commit.id[:7])
    for reason, found in reasons.items():
        more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        yield plain("Not readable here at ") + code(found[0]) + f"{more}: {reason.rstrip('.')}."
