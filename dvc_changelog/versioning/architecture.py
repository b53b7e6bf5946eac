"""Which params say what kind of model is trained, and not how: its architecture. Told by their names."""

from __future__ import annotations

import re

from dvc_changelog.domain import Value

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STRUCTURE = frozenset(
    [
        "architecture",
        "arch",
        "backbone",
        "topology",
        "layer",
        "layers",
        "hidden",
        "units",
        "neurons",
        "filters",
        "channels",
        "kernel",
        "heads",
        "encoder",
        "encoders",
        "decoder",
        "activation",
        "embedding",
        "embeddings",
    ]
)
"""What a network is built of, whatever the value."""
_WHICH = frozenset(
    [
        "model",
        "models",
        "estimator",
        "estimators",
        "classifier",
        "classifiers",
        "regressor",
        "regressors",
        "algorithm",
        "algorithms",
        "algo",
        "net",
        "network",
        "learner",
        "clf",
        "vectorizer",
    ]
)
"""What names the thing that is trained, where the value is a text: `model: xgboost`."""
_SELECTS = frozenset(["type", "name", "kind", "class", "id", "variant", "method", "engine"])
_NO_STRUCTURE = frozenset(
    [
        *("dropout", "rate", "lr", "decay", "penalty", "regularization", "regularizer", "seed"),
        *("freeze", "frozen", "unfreeze", "trainable"),
        *("path", "file", "dir", "version", "registered"),
    ]
)
_SIZES = frozenset(["d_model", "d_ff", "d_head", "n_head", "nhead", "n_embd"])
"""What papers call the sizes of a transformer."""
_OR_PATH = "_name_or_path"
"""How Hugging Face's scripts call what names a model: not a place."""


def is_architecture(name: str, old: Value, new: Value) -> bool:
    """Whether a param says what is trained.

    Args:
        name: its dotted name.
        old: its value before.
        new: its value now.
    """
    if name.rpartition(".")[2] in _SIZES:
        return True
    name = name.removesuffix("_or_path") if name.endswith(_OR_PATH) else name
    *above, last = [[word.lower() for word in _WORDS.findall(part)] for part in name.split(".")]
    if _NO_STRUCTURE.intersection(last):
        return False
    if _STRUCTURE.intersection(last):
        return True
    section = above[-1] if above else []
    of_section = bool(_STRUCTURE.intersection(section)) and not _NO_STRUCTURE.intersection(section)
    if of_section and section[-1:] and section[-1] != "kernel":
        return True
    if not any(map(_is_word, (old, new))):
        return False
    named = last[-1:] and last[-1] in _WHICH
    selected = last[-1:] and last[-1] in _SELECTS and bool(_WHICH.intersection((*last[:-1], *section)))
    return bool(named or selected)


def _is_word(value: Value) -> bool:
    """Whether a value names something, or several things."""
    return isinstance(value, str) or (isinstance(value, list | tuple) and any(map(_is_word, value)))
