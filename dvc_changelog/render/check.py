"""What `check` prints: each rule that does not hold, or could not be checked, with what mends it; then those
that hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dvc_changelog.domain import Finding, FindingKind, Review
from dvc_changelog.render import criteria
from dvc_changelog.render.escape import one_line
from dvc_changelog.render.phrase import Phrase, code, plain, prose, strong
from dvc_changelog.render.rules import CLAIMS, holding, left_open, looked_at, of, place

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = "  "
_MOST = 10
"""How many findings of one rule are told."""


def text(review: Review) -> str:
    """All of it as plain text."""
    return "".join(f"{line}\n" for _, line in rows(review))


def markdown(review: Review) -> str:
    """The same for a page, such as the summary of a CI run."""
    kinds, good = looked_at(review), holding(review)
    lines = [f"### {plain(_head(review, kinds)).markdown}", ""]
    for _, told in _criteria(review):
        lines += [told.markdown, ""]
    for kind in _failing_first(review, kinds):
        let_through = "" if kind in review.fail_on else " (does not fail)"
        shown, rest = _shown(review, kind)
        for found in shown:
            said = strong(kind.value) + f"{let_through}: " + prose(found.what)
            where = [code(part).markdown for part in (found.commit_id[:7], found.path) if part]
            parts = [said.markdown, *([" ".join(where)] if where else []), prose(found.remedy).markdown]
            lines.append("- " + "<br>".join(parts))
        if rest:
            more = strong(kind.value) + f": and {rest:,} more; " + code("--format json") + " has them all."
            lines.append(f"- {more.markdown}")
    if good:
        held = "; ".join(f"{kind.value}: {CLAIMS[kind]}" for kind in good)
        lines += ["", f"These hold. {held}."]
    return "\n".join(lines) + "\n"


def draw(review: Review, console: Console | None = None) -> None:
    """The same in colour, on stdout if no console is given."""
    from rich.console import Console

    out = console or Console(highlight=False, soft_wrap=True)
    for style, line in rows(review):
        out.print(line, style=style or None, markup=False)


def rows(review: Review) -> Iterator[tuple[str, str]]:
    """The lines, each with its style on a terminal. Text of the repository stands on one line, and never
    at its start, where a CI system may take it for a command.
    """
    kinds, good = looked_at(review), holding(review)
    yield "bold", one_line(_head(review, kinds))
    for style, said in _criteria(review):
        yield "", ""
        yield style, one_line(str(said))
    for kind in _failing_first(review, kinds):
        fails = kind in review.fail_on
        shown, rest = _shown(review, kind)
        for found in shown:
            yield "", ""
            style = "bold red" if fails else "yellow"
            yield style, one_line(f"{kind.value}{'' if fails else ' (does not fail)'}: {found.what}")
            if where := place(found):
                yield "cyan", f"{_INDENT}at {one_line(where)}"
            yield "", f"{_INDENT}{one_line(found.remedy)}"
        if rest:
            yield "", ""
            yield "", f"{kind.value}: and {rest:,} more; `--format json` has them all."
    if good:
        yield "", ""
        yield "green", "Looked at, and these hold:"
        yield from (("", line) for line in _claims(good))


def _criteria(review: Review) -> Iterator[tuple[str, Phrase]]:
    """What the branch changes of what it is judged by, each with its style: that comes before the verdict."""
    for style, said in (("yellow", criteria.loosened(review)), ("", criteria.others(review))):
        if said:
            yield style, said


def _failing_first(review: Review, kinds: Sequence[FindingKind]) -> list[FindingKind]:
    return sorted(kinds, key=lambda kind: kind not in review.fail_on)


def _shown(review: Review, kind: FindingKind) -> tuple[Sequence[Finding], int]:
    """What is told of one rule, and how many more there are: of very many the first, which are the worst."""
    found = of(review, kind) or left_open(review, kind)
    return (found, 0) if len(found) <= _MOST + 1 else (found[:_MOST], len(found) - _MOST)


def _head(review: Review, kinds: Sequence[FindingKind]) -> str:
    compared = f"{review.branch}, compared with {review.target or 'nothing'}"
    rules = "1 rule" if len(kinds) == 1 else f"{len(kinds):,} rules"
    broken = sum(bool(of(review, kind)) for kind in kinds)
    unknown = sum(bool(left_open(review, kind)) for kind in kinds)
    if not broken and not unknown:
        return f"Of {rules} looked at, none is broken: {compared}."
    verb = "does" if broken == 1 else "do"
    failing = len({found.kind for found in review.failing})
    fails = "fails" if failing <= 1 else "fail"
    outcome = "" if failing == broken + unknown else f", {failing or 'none'} of which {fails} the check"
    left = f"{unknown:,} could not be checked" if unknown else ""
    if not broken:
        return f"{left.replace(' could', f' of {rules} could')}{outcome}: {compared}."
    left = f" and {left}" if left else ""
    return f"{broken:,} of {rules} {verb} not hold{left}{outcome}: {compared}."


def _claims(kinds: tuple[FindingKind, ...]) -> Iterator[str]:
    width = max(len(kind.value) for kind in kinds)
    yield from (f"{_INDENT}{kind.value:<{width}}  {CLAIMS[kind]}" for kind in kinds)
