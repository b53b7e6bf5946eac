"""The words that names of metrics are made of. Data, no rules."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOWER = _words(
    """
    loss losses logloss nll bce crossentropy perplexity ppl error errors err mse rmse mae mape smape
    wmape wape msle rmsle medae mase crps ece mce eer wer cer fpr fnr fdr misclassification failure
    failures brier hinge aic bic fid lpips niqe brisque ter bpb bpc hausdorff hd95 assd mpjpe mdae mdape
    rmspe nrmse regret latency time runtime elapsed memory cost emission emissions co2 co2e
    """
)
"""What is better when it is lower, as the last word that says what is measured."""

HIGHER = _words(
    """
    accuracy acc bacc auc auroc rocauc auprc aucpr prauc aupr precision recall sensitivity specificity
    tpr tnr ppv npv f1 f2 f05 fbeta fscore fmeasure fmacro fmicro mcc kappa map ap iou miou dice jaccard
    ndcg mrr r2 rsquared bleu sacrebleu rouge rougel rougelsum chrf meteor cider bertscore bleurt psnr ssim
    msssim likelihood elbo reward throughput silhouette qwk cindex lrap nmi informedness auuc mota idf1 hota
    pck pckh lddt pesq stoi sisdr
    """
)
"""What is better when it is higher."""

EITHER_SIDE = _words(
    """
    loss losses nll aic bic bpb bpc regret cost r2 rsquared mcc kappa qwk likelihood elbo reward silhouette
    psnr ssim msssim bertscore bleurt niqe nmi informedness auuc mota pesq stoi sisdr
    """
)
"""Of these the values that may be below nought. Another one there has been turned round by somebody."""

ERRORS = _words("error errors err")
"""What is no error rate for sure: a plain difference is an error too."""
MAGNITUDE = _words(
    """
    absolute abs squared square root rate quadratic word character char phoneme token label sentence
    misclassification classification
    """
)
"""Beside one of `ERRORS`, that its sign is gone, or that errors are counted among so many."""
SIGNED = _words(
    """
    mean avg average median sum total overall cumulative signed bias biased residual residuals percentage
    """
)
"""Beside one of `ERRORS` and without such a word, that it may point to either side."""
SCORED = _words("mse rmse mae mape smape msle rmsle medae mase logloss brier crossentropy")
"""What scorers turn round by a "neg" before it; before other words it is more often that of a class."""

_COEFFICIENT = ("coef", "coeff", "coefficient")

PHRASES: dict[tuple[str, ...], str] = {
    # These say by how much an error is less than without a model.
    **{
        ("d", "2", *of): "r2"
        for of in (("absolute", "error"), ("log", "loss"), ("pinball",), ("tweedie",), ("brier",))
    },
    ("brier", "skill"): "r2",
    ("nash", "sutcliffe"): "r2",
    ("cross", "entropy"): "crossentropy",
    ("log", "loss"): "logloss",
    ("dice", "loss"): "loss",
    ("jaccard", "loss"): "loss",
    ("iou", "loss"): "loss",
    **{
        (what, *of): what
        for what in ("dice", "jaccard")
        for of in (*((name,) for name in _COEFFICIENT), ("similarity", "coefficient"), ("similarity",))
    },
    ("jaccard", "index"): "jaccard",
    ("tversky", "index"): "dice",
    ("panoptic", "quality"): "iou",
    ("likelihood", "loss"): "loss",
    ("f1", "loss"): "loss",
    ("negative", "log", "likelihood"): "nll",
    ("neg", "log", "likelihood"): "nll",
    ("expected", "calibration", "error"): "ece",
    ("standard", "error"): "stderr",
    ("margin", "of", "error"): "stderr",
    ("explained", "variance"): "r2",
    ("avg", "prec"): "precision",
    ("average", "prec"): "precision",
    ("energy", "kwh"): "cost",
    ("energy", "wh"): "cost",
    ("energy", "joules"): "cost",
    ("energy", "consumed"): "cost",
    ("r", "squared"): "r2",
    ("r", "2"): "r2",
    ("f", "1"): "f1",
    ("f", "score"): "fscore",
    ("f", "measure"): "fmeasure",
    ("false", "positive", "rate"): "fpr",
    ("false", "negative", "rate"): "fnr",
    ("false", "discovery", "rate"): "fdr",
    ("true", "positive", "rate"): "tpr",
    ("true", "negative", "rate"): "tnr",
    ("davies", "bouldin"): "error",
    ("matthews", "correlation", "coefficient"): "mcc",
    **{("matthews", what): "mcc" for what in ("corrcoef", "correlation", *_COEFFICIENT)},
    ("success", "rate"): "accuracy",
    ("win", "rate"): "accuracy",
    ("exact", "match"): "accuracy",
    ("pass", "at"): "accuracy",
    **{(what, *of): "recall" for what in ("hit", "hits") for of in (("at",), ("rate",), ("ratio",))},
    ("reciprocal", "rank"): "mrr",
    ("rouge", "l"): "rouge",
    ("rouge", "lsum"): "rouge",
    **{("bits", "per", what): "nll" for what in ("byte", "character", "char", "dim")},
    ("hausdorff", "distance"): "hausdorff",
    ("displacement", "error"): "rmse",
    ("inception", "score"): "accuracy",
    ("concordance", "index"): "auc",
    ("c", "index"): "auc",
    ("adjusted", "rand", "index"): "kappa",
    ("adjusted", "rand"): "kappa",
    ("rand", "index"): "accuracy",
    **{
        (how, "mutual", what): "nmi"
        for how in ("normalized", "normalised", "adjusted")
        for what in ("info", "information")
    },
    ("v", "measure"): "fmeasure",
    ("fowlkes", "mallows"): "fmeasure",
    ("f", "beta"): "fbeta",
    ("calinski", "harabasz"): "silhouette",
    ("dunn", "index"): "silhouette",
    **{("youden", what): "informedness" for what in ("j", "index")},
    ("si", "sdr"): "sisdr",
    ("failure", "rate"): "error",
    ("roc", "auc"): "auc",
    ("pr", "auc"): "auc",
    ("auc", "roc"): "auc",
    ("auc", "pr"): "auc",
    ("auc", "prc"): "auc",
    ("auc", "prg"): "auc",
    ("m", "ap"): "map",
    ("m", "iou"): "iou",
    ("most", "frequent"): "majority",
    ("naive", "bayes"): "bayes",
    ("support", "vector"): "svm",
    **{("random", what): what for what in ("forest", "forests", "search", "split", "crop", "erasing")},
    ("time", "step"): "timestep",
    **{(what, "time"): "lasting" for what in ("lead", "session", "watch", "dwell")},
    **{(what, "loss"): "balance" for what in ("win", "profit", "stop")},
    ("profit", "and", "loss"): "balance",
    **{(what, "in"): "change" for what in ("drop", "decrease", "decline", "increase", "gain", "loss")},
    ("total", "failures"): "count",
}
"""Words that together say one thing, as the one that is known."""

SPLITS = {
    "train": "train",
    "training": "train",
    "trn": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "dev",
    "test": "test",
    "testing": "test",
    "eval": "eval",
    "evaluation": "eval",
    "holdout": "holdout",
    "oof": "oof",
}
"""How splits of the data are called, and the one name of each."""
SPLIT_ORDER = tuple(dict.fromkeys(SPLITS.values()))

PLAIN = _words(
    """
    score scores rate value metric metrics mean avg average median macro micro weighted overall total
    sum all final last best max min global absolute squared square root log normalized normalised
    balanced relative at top per k class samples cv fold infer inference predict prediction box bbox
    mask segm coco small medium large ovr ovo norm none
    """
)
"""Words that say nothing of which way is better, whichever way they stand beside one that does."""

OTHER = _words(
    """
    std stdev stddev stderr sd se sem var variance iqr range ci lower upper bound interval neg negative
    negated not no non minus vs versus complement complementary inverse inverted inv delta diff difference
    change gap reduction improvement weight weights threshold thresholds thresh thr cutoff target targets
    required desired allowed acceptable budget limit count counts support n num number ratio between start
    started end ended created updated date timestamp zone available free remaining until left scale coef
    coefficient importance importances params config settings classes labels to since survival event
    idle saved saving savings
    """
)
"""Words that make another thing of what stands beside them: of a weight of a loss, nothing is known."""

NAIVE = _words(
    "random chance guess guessing dummy majority naive persistence null shuffled permuted scrambled"
)
"""What knows nothing, for comparison: how it does is neither good nor bad."""
HELD_AGAINST = NAIVE | _words("baseline oracle previous prev champion")
"""What else a model is held against; a file or directory called so may well be that of a model."""

UNSURE = frozenset(("map", "ap"))
"""Words that say so only where no word that is not known stands beside them: a saliency map is no score."""

CAPACITY = _words("memory total")
"""Words that together may say what a machine has, not what a run takes of it."""

MOMENTS = frozenset(("epoch", "step"))
"""When a value was taken; with a word of `AT_BEST`, it is the moment itself that is measured."""
AT_BEST = _words("best min max first last argmin argmax early stop at")

RESOURCES = _words(
    """
    latency time duration runtime elapsed memory cost energy emission emissions co2 co2e throughput
    """
)
"""Of these, how a model does on one split of the data says nothing of how it does on another."""
