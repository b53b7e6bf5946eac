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
# Methods of learning: a pickled file that is named by one alone is what it learned.
_METHOD = re.compile(
    r"(?:(?:gaussian|multinomial|complement|bernoulli)[-_]?)?(?:naive[-_]?bayes|nb)"
    r"|(?:random|isolation|extra)[-_]?(?:forest|trees)|rf|decision[-_]?tree|(?:linear[-_]?)?sv[mcr]|k[-_]?nn|k[-_]?means"
    r"|(?:hist[-_]?)?(?:gradient|ada)[-_]?boost(?:ing)?|gbm|(?:light|lgb)[-_]?(?:gbm|m)|xgb(?:oost)?|cat[-_]?boost"
    r"|(?:linear|logistic|log|ridge|lasso|elastic[-_]?net)(?:[-_]?reg(?:ression)?)|logit|ridge|lasso|elastic[-_]?net"
    r"|mlp|perceptron"
)
_VERSION = re.compile(r"(?:[-_.]?(?:v?[0-9][0-9._-]*|best|last|latest|final))?$")
# A stage that trains (not "split_training_set"), and what it may put beside its model.
_TRAINS = re.compile(
    r"^(?!.*(?:split|data|set|prepare|process|eval|test|valid|feature))"
    r".*(?:^|[^a-z])(?:re)?(?:train|fit|fine[-_]?tun)(?:ing|e|er)?(?:$|[^a-z])"
)
_BESIDE = re.compile(
    r"scal(?:er|ing)|vectori[sz]er|encod(?:er|ing)|tokeni[sz]er|imputer|transformer|preprocess|pca|column|vocab|index"
    r"|mapping|importance|shap|predict|optimi[sz]er|study|trial|search|fold|log"
)
_TENSORS = re.compile(
    r"(?:^|[^a-z])(?:images?|labels?|targets?|features?|embeddings?|tokens|tensors?|dataset|inputs?|splits?)(?:$|[^a-z])"
    r"|^(?:x[-_]?|y[-_]?)?(?:train|test|val|valid|validation)$"
)


@lru_cache(100_000)  # a path recurs in many commits
def looks_like_model(path: str, stage: str = "") -> bool:
    """Whether an output that nothing declares a model is one by its path: suffix, then suffix and name.

    Args:
        path: of the output.
        stage: the address of what makes it: a pickled file that training puts below `models/` is one, too.
    """
    name = posixpath.basename(path.rstrip("/")).lower()
    stem, suffix = posixpath.splitext(name)
    if suffix in _MODEL_SUFFIXES:
        return True
    if suffix in _TORCH_SUFFIXES:
        named = bool(_WORD.search(stem)) or _below_models(path)
        return named or not (_TENSORS.search(stem) or _NOT_WORD.search(stem))
    if _NOT_WORD.search(stem):
        return False
    if suffix in _SELDOM_SUFFIXES or suffix[1:].isdigit():
        full = stem if suffix in _SELDOM_SUFFIXES else name
        return bool(_NAME.fullmatch(full) or (suffix not in {".json", ".txt"} and _DIRECTORY.fullmatch(full)))
    if suffix not in _MAYBE_SUFFIXES:
        return False
    trained = bool(stage and _TRAINS.search(stage.lower().rpartition(":")[2])) and _below_models(path)
    method = _METHOD.fullmatch(_VERSION.sub("", stem))
    return bool(
        _WORD.search(stem) or method or (trained and not (_BESIDE.search(stem) or _TENSORS.search(stem)))
    )


def _below_models(path: str) -> bool:
    return any(
        _DIRECTORY.fullmatch(part) or part == "model" for part in posixpath.dirname(path).lower().split("/")
    )
