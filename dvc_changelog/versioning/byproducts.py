"""What a pipeline makes for itself and its authors, by its path: no product for those outside. Pure."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

_FOR_READERS = frozenset(
    (".html", ".htm", ".md", ".pdf", ".png", ".svg", ".jpg", ".jpeg", ".gif", ".log", ".ipynb")
)
"""What a person looks at."""

_DIRECTORY = re.compile(
    r"reports?|figures?|plots?|charts?|logs?|metrics|evaluations?|dvclive|mlruns"
    r"|splits?|folds?|interim|intermediate|te?mp|cache|checkpoints?"
)
_NAME = re.compile(
    r"(?:^|[^a-z])(?:reports?|summary|figures?|plots?|confusion|heatmap|curves?|metrics?|importances?"
    r"|logs?|timings?|statistics|stats|evaluations?|eval|splits?|folds?|interim|intermediate|te?mp)(?:$|[^a-z])"
    r"|^(?:x|y)?[-_]?(?:train|test|val|valid|validation|dev|holdout)(?:$|[-_.](?:x|y|set|data|dataset|features?|labels?)$)"
    r"|^(?:x|y|data|dataset|features?|labels?)[-_](?:train|test|val|valid|validation|dev|holdout)$"
)


@lru_cache(100_000)  # a path recurs in many releases
def is_byproduct(path: str) -> bool:
    """Whether an output is by its path a report, a split for training, or something in between."""
    *above, name = path.lower().rstrip("/").split("/")
    stem, suffix = posixpath.splitext(name)
    return (
        suffix in _FOR_READERS
        or bool(_NAME.search(stem))
        or any(_DIRECTORY.fullmatch(part) for part in (*above, name))
    )
