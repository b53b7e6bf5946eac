"""What a model is: an output that is declared one, or that by its name can hardly be anything else."""

from __future__ import annotations

import posixpath
import re

# Formats that hold nothing but models.
_MODEL_SUFFIXES = frozenset(
    ".onnx .safetensors .pt .pth .ckpt .keras .tflite .mlmodel .mlpackage .gguf .ggml .cbm .mar .torchscript"
    " .caffemodel .engine .weights .skops .ubj".split()
)
# Formats that hold models as well as data: the name must say it.
_MAYBE_SUFFIXES = frozenset(
    ".pkl .pickle .joblib .jbl .h5 .hdf5 .hdf .pb .bin .json .txt .rds .rdata .zip .gz .npz .dill .model .xgb .bst"
    " .lgb .cloudpickle .tar .tgz".split()
)
_WORD = re.compile(r"(?:^|[^a-z])(?:models?|classifier|regressor|estimator|checkpoints?|weights)(?:$|[^a-z])")
_NOT_WORD = re.compile(r"(?:metrics?|params?|config|report|summary|card|history|schema|results?|scores?|data)")


def looks_like_model(path: str) -> bool:
    """Whether an output that nothing declares a model is one by its path: suffix, then suffix and name."""
    name = posixpath.basename(path.rstrip("/")).lower()
    stem, suffix = posixpath.splitext(name)
    if suffix in _MODEL_SUFFIXES:
        return True
    if not suffix:
        return name in {"model", "models"}
    if name.endswith(".model"):
        return True
    return suffix in _MAYBE_SUFFIXES and bool(_WORD.search(stem)) and not _NOT_WORD.search(stem)
