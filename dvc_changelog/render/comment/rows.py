"""The rows of the table of metrics as a comment has them: narrower, and with the limits that hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from dvc_changelog.config import Config, rule_of
from dvc_changelog.domain import MetricChange, Release
from dvc_changelog.insight import is_number
from dvc_changelog.render import units
from dvc_changelog.render.metrics import known
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import Section

_NAMES = {"min": "minimum", "max": "limit"}
_VERDICT = 5
"""The columns of a table of metrics where it has one of verdicts."""


def narrowed(section: Section, release: Release) -> Section:
    """The section of metrics with the file that most are of in the header, and not in each row."""
    shown = _shown(release)
    often = Counter(change.path for change in shown).most_common(1)
    if not section.table or len({change.path for change in shown}) == 1 or not often or often[0][1] == 1:
        return section
    file, _ = often[0]
    first, *titles = section.table.header
    rows = tuple(
        (code(change.name), *cells) if change.path == file and change.name else (label, *cells)
        for change, (label, *cells) in zip(shown, section.table.rows, strict=True)
    )
    header = (first + " in " + code(file), *titles)
    return replace(section, table=replace(section.table, header=header, rows=rows))


def kept(section: Section, release: Release, config: Config) -> Section:
    """The section of metrics with the limits that hold: "better (limit 50 ms)"."""
    table = section.table
    if not table or not release.base or not any(rule.limited for rule in config.metric_rules.values()):
        return section
    shown = _shown(release)
    broken = {(alert.path, alert.name, alert.limit) for alert in release.alerts}
    told = [", ".join(_kept(change, broken, config)) for change in shown]
    if not any(told):
        return section
    judged = len(table.header) == _VERDICT
    header = table.header if judged else (*table.header, plain(""))
    numeric = table.numeric if judged else (*table.numeric, False)
    rows = tuple(
        _row(row if judged else (*row, Phrase()), words) for row, words in zip(table.rows, told, strict=True)
    )
    return replace(section, table=replace(table, header=header, rows=rows, numeric=numeric))


def _shown(release: Release) -> list[MetricChange]:
    """The metrics that the table has, row by row."""
    return known([change for change in release.changes if isinstance(change, MetricChange)])


def _row(row: Sequence[Phrase], words: str) -> tuple[Phrase, ...]:
    *cells, verdict = row
    if words:
        verdict = verdict + f" ({words})" if verdict else plain(words)
    return (*cells, verdict)


def _kept(change: MetricChange, broken: Collection[tuple[str, str, str]], config: Config) -> Iterator[str]:
    if not is_number(change.new):
        return
    rule = rule_of(config.metric_rules, change.path, change.name)
    for limit, bound in (("min", rule.min), ("max", rule.max)):
        if bound is not None and (change.path, change.name, limit) not in broken:
            yield f"{_NAMES[limit]} {units.number(bound, change.judged.unit)}"
