"""The values of a YAML file by its sections, each distinct one parsed once per process.

From one version of a file to the next few of its lines differ. Where the text does not show beyond doubt how
the document is made up, it is to be read whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from dvc_changelog.domain.content import Value
from dvc_changelog.snapshot import values
from dvc_changelog.snapshot.unreadable import UnreadableError

_KEY = rb"(?!(?i:true|false|null):)[A-Za-z_][\w.-]*:[ \n]"
_START = re.compile(rb"^(?=%s)" % _KEY, re.MULTILINE)
_OTHERWISE = re.compile(rb"^(?!%s|[ #\n]|- |\Z)" % _KEY, re.MULTILINE)
"""A line that neither begins a section nor surely belongs to one: a document's marks, a merge key, quotes."""
_NOTHING = re.compile(rb"(?: *(?:#[^\n]*)?\n)*")


def flat(data: bytes) -> dict[str, Value] | None:
    """What `values.flatten` makes of the values of a YAML file.

    None where the text is not a block mapping with plain, distinct keys, or where a section does not parse by
    itself (it names an anchor of another one, or is no YAML).
    """
    if b"\r" in data or _OTHERWISE.search(data):
        return None
    starts = [found.start() for found in _START.finditer(data)]
    if not starts or not _NOTHING.fullmatch(data, 0, starts[0]):
        return None
    keys = {data[start : data.index(b":", start)] for start in starts}
    read = [_flat(data[start:end]) for start, end in pairwise((*starts, len(data)))]
    known = [section for section in read if section is not None]
    result = {name: value for section in known for name, value in section.items()}
    distinct = len(keys) == len(starts) and len(result) == sum(map(len, known))
    return result if distinct and len(known) == len(read) else None


@cache
def _flat(section: bytes) -> Mapping[str, Value] | None:
    try:
        document = values.parse("yaml", section)
        one = isinstance(document, Mapping) and len(document) == 1
        return values.flatten(document) if one else None
    except UnreadableError:
        return None
