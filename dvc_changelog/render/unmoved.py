"""Lines about stages that ran on other inputs and made the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Forge, Unmoved
from dvc_changelog.render import causes
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, listed
from dvc_changelog.render.shapes import Line

_LONGEST = 160
_FEW_OUTPUTS = 3


def lines(found: Sequence[Unmoved], forge: Forge | None) -> Iterator[Line]:
    """One line a stage; many in one, with the stages below."""
    if len(found) > FEW_LINES:
        below = tuple(code(one.stage) + ": " + _outputs(one) for one in found)
        yield Line(
            Phrase() + f"{len(found):,} stages ran on other inputs and made the same as before",
            below,
            len(found),
        )
    else:
        yield from (_line(one, forge) for one in found)


def _line(one: Unmoved, forge: Forge | None) -> Line:
    """As in "`prepare` made the same `data/tidy`, though `src/prepare.py` changed"."""
    text = code(one.stage) + " made the same " + _outputs(one)
    said = [clause for clause in causes.clauses(one.because, one.stage, forge) if clause.lead]
    whole = text + ", though " + listed(clause.body + clause.rest for clause in said)
    if said and len(str(whole)) <= _LONGEST:
        return Line(whole)
    why = tuple(clause.body + clause.rest for clause in said)
    return Line(text + ", though its inputs changed", because=why)


def _outputs(one: Unmoved) -> Phrase:
    more = len(one.paths) - _FEW_OUTPUTS
    shown = [code(path) for path in one.paths[:_FEW_OUTPUTS]]
    return listed([*shown, f"{more:,} more"] if more > 0 else shown)
