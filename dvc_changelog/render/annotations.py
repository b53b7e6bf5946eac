"""Findings as annotations of GitHub Actions: workflow commands on stdout, which it shows at the files.

Gitea and Forgejo read the same. Of each level it shows ten a step: the last says how many more there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Finding, Review
from dvc_changelog.render import criteria

_MOST = 10
_SURROGATES = re.compile("[\ud800-\udfff]")
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def annotated(review: Review) -> str:
    """A line for each finding: an error where it fails, else a warning; "" for none.

    That the branch itself lets more pass comes before the other warnings.
    """
    failing = review.failing
    others = [found for found in review.findings if found.kind not in review.fail_on]
    looser = list(_looser(review))
    warnings = (*looser, *_lines("warning", others, _MOST - len(looser)))
    return "".join(f"{line}\n" for line in (*_lines("error", failing, _MOST), *warnings))


def command(level: str, message: str, *, title: str = "", file: str = "") -> str:
    """A workflow command, in which any text stands for itself."""
    named = (("file", file), ("title", title))
    properties = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in named if value)
    return f"::{level}{' ' if properties else ''}{properties}::{_escaped(message, _DATA)}"


def _looser(review: Review) -> Iterator[str]:
    if review.criteria and (said := criteria.loosened(review)):
        yield command("warning", str(said), title=_title("configuration"), file=review.criteria.path)


def _lines(level: str, findings: Sequence[Finding], most: int) -> Iterator[str]:
    shown = findings if len(findings) <= most else findings[: most - 1]
    for found in shown:
        message = f"{found.what}\n{found.remedy}" if found.remedy else found.what
        yield command(level, message, title=_title(found.kind.value), file=found.path)
    rest = findings[len(shown) :]
    if rest:
        kinds = Counter(found.kind.value for found in rest)
        told = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        yield command(
            level, f"{len(rest):,} more: {told}. `--format json` has them all.", title=_title("more")
        )


def _title(kind: str) -> str:
    return f"dvc-changelog: {kind}"


def _escaped(value: str, signs: Sequence[tuple[str, str]]) -> str:
    written = _SURROGATES.sub("\ufffd", value)
    for sign, code in signs:
        written = written.replace(sign, code)
    return written
