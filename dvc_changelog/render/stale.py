"""What is not as it was when the pipeline last ran: params and outputs one by one, else the stages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from dvc_changelog.domain import Since, Stage, StageChange, Stale
from dvc_changelog.render.cells import FEW_LINES, by_item, stages, value
from dvc_changelog.render.names import family
from dvc_changelog.render.phrase import Phrase, code, listed, plain, some
from dvc_changelog.render.shapes import Line


def lines(outdated: Sequence[Stale]) -> Iterator[Line]:
    """Params that are not what the pipeline last ran with; many of one file, and of its stages, together."""
    outdated = [item for item in outdated if item.since is Since.PARAM]
    seen: dict[tuple[str, str, str], list[Stale]] = {}
    for item in outdated:
        seen.setdefault((item.path, item.name, repr(item.locked)), []).append(item)
    groups: dict[tuple[str, tuple[str, ...]], list[Stale]] = {}
    for items in seen.values():
        groups.setdefault((items[0].path, tuple(item.stage for item in items)), []).append(items[0])
    others: dict[str, list[tuple[Stale, Phrase]]] = {}
    for (path, users), items in groups.items():
        ran = stages(users) + " last ran with"
        if len(items) > FEW_LINES:
            head = plain(f"{len(items):,} parameters in ") + code(path) + " are not what " + ran
            yield Line(head, tuple(code(item.name) + _now(item) for item in items), len(items))
        else:
            others.setdefault(path, []).extend((item, ran) for item in items)
    for path, several in others.items():
        if len(several) > FEW_LINES:
            head = (
                plain(f"{len(several):,} parameters in ")
                + code(path)
                + " are not what their stages last ran with"
            )
            yield Line(head, tuple(_one_stale(item, Phrase(), ran) for item, ran in several), len(several))
        else:
            yield from (Line(_one_stale(item, plain(" in ") + code(path), ran)) for item, ran in several)


def of_stages(outdated: Sequence[Stale], changes: Iterable[StageChange] = ()) -> Iterator[Line]:
    """Stages that were not reproduced since something else changed; those of one reason together.

    `changes` are those of stages: what one that works elsewhere now had read and written is not new to it,
    though its lock, which is spelled from where it works, seems not to know of it.
    """
    moved = {
        change.new.address: (change.old, change.new)
        for change in changes
        if change.old and change.new and change.old.wdir != change.new.wdir
    }
    by_stage: dict[str, list[Stale]] = {}
    for item in outdated:
        if item.since is not Since.PARAM and not _is_rewritten(item):
            by_stage.setdefault(item.stage, []).append(item)
    reasons: dict[Phrase, list[str]] = {}
    for address, items in by_stage.items():
        reasons.setdefault(_reason(*_known(items, moved.get(address))), []).append(address)
    if len(reasons) > FEW_LINES:
        text = plain(f"{len(by_stage):,} stages were not reproduced since they or their inputs changed")
        yield Line(text, tuple(_verdict(*pair) for pair in reasons.items()), len(by_stage))
    else:
        yield from (Line(_verdict(*pair), weight=len(pair[1])) for pair in reasons.items())


def of_outputs(outdated: Sequence[Stale], metrics: Collection[str], *, told: bool) -> Iterator[Line]:
    """Files that no longer are what their stage wrote, since somebody or a merge wrote them.

    Args:
        outdated: what is stale.
        metrics: the metrics files whose values are told.
        told: whether to tell of these, which stands below their values; else of all others.
    """
    by_stage: dict[str, list[Phrase]] = {}
    for item in outdated:
        if _is_rewritten(item) and (item.path in metrics) is told:
            by_stage.setdefault(item.stage, []).append(code(item.path))
    lines = []
    for address, files in by_stage.items():
        text = some(files, FEW_LINES) + (" is" if len(files) == 1 else " are")
        lines.append((text + " not what " + code(address) + " wrote when it last ran", len(files)))
    doubt = ": the values may be of another run" if told else ""
    if len(lines) > FEW_LINES:
        number = sum(count for _, count in lines)
        text = plain(f"{number:,} outputs are not what their stages wrote when they last ran")
        yield Line(text + doubt, tuple(line for line, _ in lines), number)
    else:
        yield from (Line(text + doubt, weight=count) for text, count in lines)


def _is_rewritten(item: Stale) -> bool:
    return item.since is Since.OUTPUT and not item.added


def _verdict(reason: Phrase, addresses: Sequence[str]) -> Phrase:
    """As in "`train` was not reproduced since its command changed"."""
    one = len(addresses) == 1
    if len(addresses) > FEW_LINES:
        addresses = list(dict.fromkeys(family(address) or address for address in addresses))
    who = some([code(address) for address in addresses], FEW_LINES)
    if not reason:
        return who + (" has" if one else " have") + " not run yet"
    return who + (" was" if one else " were") + " not reproduced since " + reason


def _known(items: Sequence[Stale], moved: tuple[Stage, Stage] | None) -> tuple[Sequence[Stale], Phrase]:
    """What is stale but for what the stage knew where it worked before; where it works now, if it did."""
    if not moved or not moved[0].ran:
        return items, Phrase()
    before = moved[0].ran.paths
    left = [item for item in items if item.since is Since.PARAM or not item.added or item.path not in before]
    place = code(moved[1].wdir) if moved[1].wdir else "the Git root"
    return left, (plain("it works in ") + place) if len(left) < len(items) else Phrase()


def _reason(items: Sequence[Stale], elsewhere: Phrase) -> Phrase:
    """As in "`src/train.py` changed and it also depends on `data/extra`"; nothing of one that never ran."""
    changed = [code(item.path) for item in items if item.since is Since.INPUT and not item.added]
    if any(item.since is Since.COMMAND for item in items):
        changed = [plain("the command"), *changed]
    inputs = [code(item.path) for item in items if item.since is Since.INPUT and item.added]
    outputs = [code(item.path) for item in items if item.since is Since.OUTPUT]
    return listed(
        said
        for said in (
            some(changed, FEW_LINES) + " changed" if changed else Phrase(),
            elsewhere,
            plain("it depends on ") + some(inputs, FEW_LINES) + " too" if inputs else Phrase(),
            plain("it is to write ") + some(outputs, FEW_LINES) + " too" if outputs else Phrase(),
        )
        if said
    )


def _one_stale(item: Stale, place: Phrase, ran: Phrase) -> Phrase:
    if item.added:
        return code(item.name) + " is " + value(item.value) + place + ", but " + _without(ran)
    if item.missing:
        return code(item.name) + " is missing" + place + ", but " + ran + " " + value(item.locked)
    if by_item(item.locked, item.value):
        return code(item.name) + place + " is not what " + ran + _now(item)
    return code(item.name) + " is " + value(item.value) + place + ", but " + ran + " " + value(item.locked)


def _without(ran: Phrase) -> Phrase:
    """As in "`train` last ran without it"."""
    *before, last = ran.parts
    return Phrase(tuple(before)) + f"{last.text}out it"


def _now(item: Stale) -> Phrase:
    if item.added:
        return plain(" is new, it is ") + value(item.value)
    if item.missing:
        return " is missing, was " + value(item.locked)
    if told := by_item(item.locked, item.value):
        return ": now " + told
    return " is " + value(item.value) + ", not " + value(item.locked)
