"""Which way a metric is better, and its unit, by names that people give to metrics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.domain import Goal
from dvc_changelog.insight.goals import goal_of, is_resource, unit_of

LOWER = """
loss val_loss train.loss loss_0 best_test_loss valLoss log_loss logloss train_loss_epoch train_loss_step
train.mean_absolute_error test.mean_squared_error rmse RMSE MAE mape test/rmse error_rate max_error
errors cross_entropy val.cross_entropy perplexity eval_perplexity wer word_error_rate fpr
false_positive_rate brier_score negative_log_likelihood dice_loss iou_loss errors_per_second
davies_bouldin_score latency latency_ms latency.p95 test.latency_p99 time_per_ticket train_runtime
inference_time fit_time memory_mb peak_memory gpu_memory_mb energy_kwh emissions_kg_co2 total_cost_usd
cost_per_1k
"""
HIGHER = """
accuracy acc acc_0 train.acc test_accuracy trainAccuracy accuracy_score balanced_accuracy top5_acc auc
roc_auc test.roc_auc roc_auc_score ROC_AUC avg_prec average_precision_score precision avg_precision
recall avg_recall f1 f1_score f1-score macro_f1 test.macro_f1 f1_class_0 avg_f1 accuracy.mean accuracy.0
r2 R2 explained_variance mcc map mAP meanAP mAP50-95(B) metrics.mAP50(B) mAP_0.5 mAP_0.5:0.95 bbox_mAP
metrics/precision(B) iou iou_val mIoU dice_score_val dice_coef ndcg@10 recall@10 precision_at_k bleu
bleu4 bleu-4 val_dice_coefficient psnr ssim log_likelihood mean_reward throughput silhouette_score
success_rate tpr sensitivity
"""
NONE = """
score rate n_samples count epoch step steps threshold coverage test_size positive_class_percentage
learning_rate loss_weight weight_loss loss.weight loss_scale accuracy_loss precision_time accuracy_std
accuracy.std std.accuracy std_test_score mean_test_score accuracy_difference train_test_gap f1_gap
best_accuracy_epoch train_loss_best_epoch neg_mean_squared_error false_positives tp fp num_errors
n_errors errors_count 0.support confusion.0.1 recall.cat auc_class_a classes.Loss saliency_map
start_time timestamp time_to_first_token memory_free model.weights model_size_bytes ops_per_ticket
eval_samples_per_second total_flos psi ks drift_share gini kl_divergence duration_s usage energy
system.gpu.0.vram.usage local_testing_original_size residual bias threshold.accuracy weights.loss
gpu.memory.total total_memory elbo_loss ssim_loss rouge.rougeL hallucination_rate p_value target_latency
"""


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        *((name, Goal.LOWER) for name in LOWER.split()),
        *((name, Goal.HIGHER) for name in HIGHER.split()),
        *((name, Goal.NONE) for name in NONE.split()),
        ("inference time", Goal.LOWER),
        ("macro avg.f1-score", Goal.HIGHER),
        ("test size", Goal.NONE),
    ],
)
def test_the_goal_is_what_the_last_words_say_for_sure(name: str, goal: Goal) -> None:
    assert goal == goal_of("metrics.json", name)


@pytest.mark.parametrize(
    ("path", "goal"),
    [("auc.json", Goal.HIGHER), ("eval/loss.txt", Goal.LOWER), ("metrics.json", Goal.NONE)],
)
def test_a_lone_value_is_called_as_its_file(path: str, goal: Goal) -> None:
    assert goal == goal_of(path, "")


UNITS = {
    "latency_ms": "ms",
    "fit_time_s": "s",
    "latency_us": "µs",
    "accuracy_us": "",
    "train_seconds": "s",
    "time_min": "",
    "time_minutes": "min",
    "time": "",
    "memory_mb": "MB",
    "peak_gib": "GiB",
    "model_bytes": "bytes",
    "usage (GB)": "GB",
    "cost_usd": "USD",
    "energy_kwh": "kWh",
    "emissions_kg_co2": "kg CO2",
    "co2_kg": "kg CO2",
    "mb_per_second": "",
    "ms": "",
    "samples_per_sec": "",
    "accuracy": "",
}


@pytest.mark.parametrize(("name", "unit"), UNITS.items())
def test_a_unit_is_the_one_that_the_name_ends_in(name: str, unit: str) -> None:
    assert unit == unit_of("metrics.json", name)


@pytest.mark.parametrize(("name", "expected"), [("fit_time", True), ("size_mb", True), ("auc", False)])
def test_what_a_run_takes_is_a_resource(name: str, expected: bool) -> None:
    assert expected == is_resource("metrics.json", name)


@given(st.text(), st.text())
def test_any_name_has_a_goal_and_a_unit(path: str, name: str) -> None:
    assert goal_of(path, name) in Goal
    assert isinstance(unit_of(path, name), str)
