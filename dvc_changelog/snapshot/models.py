"""What a model is: an output that is declared one, or that by its name can hardly be anything else."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

# Formats that hold nothing but models.
_MODEL_SUFFIXES = frozenset(
    {
        ".caffemodel",
        ".cbm",
        ".ckpt",
        ".engine",
        ".ggml",
        ".gguf",
        ".keras",
        ".mar",
        ".mlmodel",
        ".mlpackage",
        ".model",
        ".onnx",
        ".safetensors",
        ".skops",
        ".tflite",
        ".torchscript",
        ".ubj",
        ".weights",
    }
)
# Formats of PyTorch: models, unless the name says that they are tensors of data.
_TORCH_SUFFIXES = frozenset({".pt", ".pth"})
# Formats that hold models as well as data: the name must say it.
_MAYBE_SUFFIXES = frozenset(
    {
        ".bin",
        ".bst",
        ".cloudpickle",
        ".dill",
        ".gz",
        ".h5",
        ".hdf",
        ".hdf5",
        ".jbl",
        ".joblib",
        ".lgb",
        ".npz",
        ".pb",
        ".pickle",
        ".pkl",
        ".rdata",
        ".rds",
        ".tar",
        ".tgz",
        ".xgb",
        ".zip",
    }
)
# Formats of texts about models as well, and directories of anything: the whole name must be a model's.
_SELDOM_SUFFIXES = frozenset({"", ".json", ".txt"})

_WORD = re.compile(r"(?:^|[^a-z])(?:models?|classifier|regressor|estimator|checkpoints?|weights)(?:$|[^a-z])")
_NAME = re.compile(
    r"(?:.+[^a-z])?(?:model|classifier|regressor|estimator|checkpoint|ckpt)"
    r"(?:[-_.]?(?:v?[0-9][0-9._-]*|best|last|latest|final))?"
)
_DIRECTORY = re.compile(r"(?:.+[^a-z])?(?:models|checkpoints|ckpts)|(?:model[-_])?weights")
_NOT_WORD = re.compile(
    r"(?:metrics?|params?|config|report|summary|card|history|schema|results?|scores?|data"
    r"|(?:class|sample)[-_]?weights)"
)
_TENSORS = re.compile(
    r"(?:^|[^a-z])(?:images?|labels?|targets?|features?|embeddings?|tokens|tensors?|dataset|inputs?|splits?)(?:$|[^a-z])"
    r"|^(?:x[-_]?|y[-_]?)?(?:train|test|val|valid|validation)$"
)


@lru_cache(100_000)  # a path recurs in many commits
def looks_like_model(path: str) -> bool:
    """Whether an output that nothing declares a model is one by its path: suffix, then suffix and name."""
    name = posixpath.basename(path.rstrip("/")).lower()
    stem, suffix = posixpath.splitext(name)
    if suffix in _MODEL_SUFFIXES:
        return True
    if suffix in _TORCH_SUFFIXES:
        above = posixpath.dirname(path).lower().split("/")
        named = bool(_WORD.search(stem)) or any(_DIRECTORY.fullmatch(part) for part in above)
        return named or not (_TENSORS.search(stem) or _NOT_WORD.search(stem))
    if _NOT_WORD.search(stem):
        return False
    if suffix in _SELDOM_SUFFIXES or suffix[1:].isdigit():
        full = stem if suffix in _SELDOM_SUFFIXES else name
        return bool(_NAME.fullmatch(full) or (suffix not in {".json", ".txt"} and _DIRECTORY.fullmatch(full)))
    return suffix in _MAYBE_SUFFIXES and bool(_WORD.search(stem))
