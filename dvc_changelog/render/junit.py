"""The rules of a review as JUnit XML, which CI systems show as test results: one case for each rule.

The elements and attributes are those that Jenkins' schema (junit-10.xsd) knows; GitLab, Azure and the
reporters of GitHub read no less. A rule that could not be checked is an error; one that does not hold and
need not is skipped, with what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from dvc_changelog.domain import Finding, FindingKind, Review
from dvc_changelog.render.rules import CLAIMS, left_open, looked_at, of, place

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(review: Review) -> str:
    """A test suite, ending in a newline. What XML cannot have stands as U+FFFD."""
    kinds = looked_at(review)
    failed = [kind for kind in kinds if kind in review.fail_on and of(review, kind)]
    errors = [kind for kind in kinds if kind in review.fail_on and left_open(review, kind)]
    open_ = {kind: of(review, kind) or left_open(review, kind) for kind in kinds}
    let_through = [kind for kind in kinds if kind not in review.fail_on and open_[kind]]
    counts = {"tests": str(len(kinds)), "failures": str(len(failed)), "errors": str(len(errors))}
    root = ET.Element("testsuites", {"name": "dvc-changelog", **counts, "time": "0"})
    skipped = str(len(let_through))
    name = _legal(review.command)
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts, "skipped": skipped, "time": "0"})
    _properties(suite, review)
    for kind in kinds:
        fate = "" if kind not in review.fail_on else "failure" if of(review, kind) else "error"
        _case(suite, kind, open_[kind], fate)
    ET.indent(root)
    # In text, unlike in attributes, a bare CR would be read as a line's end.
    return _HEAD + ET.tostring(root, encoding="unicode").replace("\r", "&#13;") + "\n"


def _properties(suite: ET.Element, review: Review) -> None:
    base, head = review.release.base, review.release.head
    told = {
        "target": review.target,
        "branch": review.branch,
        "base": base.commit_id if base else "",
        "head": head.commit_id,
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in told.items():
        ET.SubElement(properties, "property", {"name": name, "value": _legal(value)})


def _case(suite: ET.Element, kind: FindingKind, found: Sequence[Finding], fate: str) -> None:
    """One rule; `fate` is what it comes to where it does not hold, "" where it need not."""
    attributes = {"classname": "dvc-changelog", "name": f"{kind.value}: {CLAIMS[kind]}", "time": "0"}
    case = ET.SubElement(suite, "testcase", attributes)
    if not found:
        return
    more = f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""
    message = _legal(f"{found[0].what}{more}")
    told = _legal("\n\n".join(map(_told, found)))
    if fate:
        ET.SubElement(case, fate, {"type": kind.value, "message": message}).text = told
    else:
        ET.SubElement(case, "skipped", {"type": kind.value, "message": f"Does not fail: {message}"})
        ET.SubElement(case, "system-out").text = told


def _told(found: Finding) -> str:
    return "\n".join(filter(None, (found.what, place(found), found.remedy)))


def _legal(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
