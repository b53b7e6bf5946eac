"""Which way a metric is better, and its unit, by names that people give to metrics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.domain import Goal, Value
from dvc_changelog.insight.goals import goal_of, is_resource, may_be, unit_of

LOWER = """
loss val_loss train.loss loss_0 best_test_loss valLoss log_loss logloss train_loss_epoch train_loss_step
train.mean_absolute_error test.mean_squared_error rmse RMSE MAE mape test/rmse error_rate max_error
errors cross_entropy val.cross_entropy perplexity eval_perplexity wer word_error_rate fpr
false_positive_rate brier_score negative_log_likelihood dice_loss iou_loss errors_per_second
davies_bouldin_score latency latency_ms latency.p95 test.latency_p99 time_per_ticket train_runtime
inference_time fit_time memory_mb peak_memory gpu_memory_mb energy_kwh emissions_kg_co2 total_cost_usd
cost_per_1k test_error err error.rate mean_abs_error mean_absolute_percentage_error error_rate.mean
mean_word_error_rate expected_calibration_error root_mean_squared_error relative_absolute_error
one_minus_auc one-minus-accuracy test.one_minus_recall 1_minus_f1 minus_log_likelihood
minus_2_log_likelihood random_forest.loss naive_bayes_error time_per_step cost_usd max_error
"""
HIGHER = """
accuracy acc acc_0 train.acc test_accuracy trainAccuracy accuracy_score balanced_accuracy top5_acc auc
roc_auc test.roc_auc roc_auc_score ROC_AUC avg_prec average_precision_score precision avg_precision
recall avg_recall f1 f1_score f1-score macro_f1 test.macro_f1 f1_class_0 avg_f1 accuracy.mean accuracy.0
r2 R2 explained_variance mcc map mAP meanAP mAP50-95(B) metrics.mAP50(B) mAP_0.5 mAP_0.5:0.95 bbox_mAP
metrics/precision(B) iou iou_val mIoU dice_score_val dice_coef ndcg@10 recall@10 precision_at_k bleu
bleu4 bleu-4 val_dice_coefficient psnr ssim log_likelihood mean_reward throughput silhouette_score
success_rate tpr sensitivity neg_mean_squared_error neg_root_mean_squared_error neg_log_loss neg_rmse
test_neg_mean_absolute_error mean_test_neg_mean_squared_error negative_mae neg_brier_score minus_rmse
one_minus_error_rate one_minus_fpr random_forest.accuracy RandomForest_auc random_search.f1
gaussian_naive_bayes.recall support_vector_machine.auc benchmark.recall top-1-accuracy top_1_accuracy
"""
NONE = """
score rate n_samples count epoch step steps threshold coverage test_size positive_class_percentage
learning_rate loss_weight weight_loss loss.weight loss_scale accuracy_loss precision_time accuracy_std
accuracy.std std.accuracy std_test_score mean_test_score accuracy_difference train_test_gap f1_gap
best_accuracy_epoch train_loss_best_epoch false_positives tp fp num_errors
n_errors errors_count 0.support confusion.0.1 recall.cat auc_class_a classes.Loss saliency_map
start_time timestamp time_to_first_token memory_free model.weights model_size_bytes ops_per_ticket
eval_samples_per_second total_flos psi ks drift_share gini kl_divergence duration_s usage energy
system.gpu.0.vram.usage local_testing_original_size residual bias threshold.accuracy weights.loss
gpu.memory.total total_memory elbo_loss ssim_loss hallucination_rate p_value target_latency
"""
KNOWN_LOWER = """
ter TER bits_per_byte bpb bits_per_character bits_per_char bpc bits_per_dim bits_per_byte,none
word_perplexity,none hausdorff hausdorff_distance hausdorff_distance_95 hd95 HD95 assd niqe brisque mpjpe
pa_mpjpe average_displacement_error final_displacement_error mdae mdape rmspe nrmse jaccard_loss tversky_loss
test_wer wer cer perplexity ppl fid lpips crps
"""
KNOWN_HIGHER = """
jaccard_coeff jaccard_coef jaccard_coefficient jaccard_index jaccard_similarity jaccard_score val_jaccard
dice_coeff dice_coef dice_coefficient dice_similarity dice_similarity_coefficient mcc
matthews_correlation matthews_correlation_coefficient matthews_coeff matthews_corrcoef kappa cohen_kappa
cohens_kappa quadratic_weighted_kappa qwk iou mean_iou miou map50 mAP50 map50-95 map_50 map_75 map_small
map_medium map_large AP_small hit_rate hit_ratio hit@10 hits@10 hits_at_10 HitRate@5 mean_reciprocal_rank
mrr@10 ndcg_at_10 rouge1 rouge_l rougeL rouge-l rougeLsum rouge.rougeL rougel exact_match
eval_exact_match pass@1 pass_at_1 win_rate inception_score mota idf1 hota panoptic_quality pck pckh
concordance_index c_index cindex roc_auc_ovr roc_auc_ovo_weighted lrap tversky_index calinski_harabasz
calinski_harabasz_score dunn_index adjusted_rand_score adjusted_rand_index rand_index nmi
normalized_mutual_info_score adjusted_mutual_info_score v_measure v_measure_score fowlkes_mallows_score
f_beta youden_j youden_index informedness auuc bleu sacrebleu bleurt cider pesq stoi si_sdr sisdr lddt
nash_sutcliffe brier_skill_score acc_norm acc,none exact_match,none
d2_absolute_error_score d2_pinball_score d2_tweedie_score d2_log_loss_score d2_brier_score
"""
AMBIGUOUS = """
dsc giou mar mar_100 top1 top5 em per dcf kid asd motp ade fde epe ev pearson pearsonr spearman
correlation ccc gini ks ci ari ami inertia rand_score homogeneity completeness purity gmean lift coverage
novelty comet spice nse kge rtf fps mos sdr snr rmsd sharpe return hits hit pass win pass_1 index
jaccard_distance cosine_similarity similarity mutual_information youden_threshold dice_coeff_std bpd coeff
"""
"""What means several things, of which not all are better the same way; or what is better in the middle."""
SIGNED = """
mean_error current.mean_error mean.error error.mean avg_error average_error median_error mean_test_error
mean_bias_error bias_error signed_error mean_signed_error mean_percentage_error percentage_error
mean_residual_error residual_error mean_relative_error mean_log_error mbe mpe bias sum_of_errors
"""
"""Errors that may point either way: nearer to nought is better, whichever side that is."""
NEGATED = """
1-auc 1-accuracy test.1-auc val_1-auc 1-f1_score -loss -log_likelihood complement_accuracy auc_complement
complementary_recall inverse_rmse negated_loss neg_loss loss_neg neg_precision f1_neg negative_recall
neg_error neg.f1 not_accuracy auc_minus_std mean_minus_std revenue_minus_cost accuracy_vs_cost
cost_versus_baseline f1_minus_baseline
"""
"""What is left over or turned round, where nobody knows of what: "neg" is a class as often as a sign."""
NAIVE = """
random_accuracy random.accuracy chance.accuracy chance_accuracy dummy.accuracy dummy_f1 DummyClassifier.auc
baseline_accuracy baseline.rmse majority.accuracy majority_class.f1 most_frequent.accuracy naive_mae
naive_forecast.rmse persistence.mae random_guess_accuracy guessing.accuracy shuffled_auc permuted.accuracy
oracle_recall no_skill_auc null_accuracy previous_accuracy prev.auc champion.f1
"""
"""How something else does that a model is held against."""
BESIDE = """
auc_std auc_sd sd_auc rmse_se se_rmse accuracy_var variance_accuracy variance.accuracy iqr_rmse
auc_range range_auc margin_of_error standard_error residual_standard_error accuracy.confidence_interval.0
confidence_interval confidence_interval_auc ci_low_auc auc_ci_high threshold_f1 f1_threshold thr_recall
cutoff_precision precision_cutoff total_errors total_failures sum_errors n_errors error_count number_of_errors
support support_accuracy cost_complexity cost_complexity_pruning_alpha ccp_alpha cost_function cost_matrix.0.1
n_iter max_iter iterations time_step time_between_failures mean_time_between_failures mtbf lead_time
session_time watch_time win_loss profit_loss profit_and_loss stop_loss drop_in_accuracy increase_in_loss
required_accuracy desired_latency allowed_error accuracy_rank accuracy_disparity accuracy_drop
"""
"""Spreads, bounds, counts, settings, and the time that something lasts because it goes well."""
NONE += SIGNED + NEGATED + NAIVE + BESIDE


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        *((name, Goal.LOWER) for name in (LOWER + KNOWN_LOWER).split()),
        *((name, Goal.HIGHER) for name in (HIGHER + KNOWN_HIGHER).split()),
        *((name, Goal.NONE) for name in (NONE + AMBIGUOUS).split()),
        ("inference time", Goal.LOWER),
        ("macro avg.f1-score", Goal.HIGHER),
        ("test size", Goal.NONE),
        ("1 - auc", Goal.NONE),
        ("1 \N{MINUS SIGN} accuracy", Goal.NONE),
        ("one minus accuracy", Goal.LOWER),
        ("Loss - val", Goal.LOWER),
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


@pytest.mark.parametrize(
    ("path", "goal"),
    [
        ("dummy.json", Goal.NONE),
        ("metrics/dummy/scores.json", Goal.NONE),
        ("reports/random_metrics.json", Goal.NONE),
        ("random_forest.json", Goal.HIGHER),
        ("dummy/metrics/scores.json", Goal.HIGHER),  # a project may be called anything
        ("baseline.json", Goal.HIGHER),  # many a first model is
    ],
)
def test_a_file_of_what_knows_nothing_is_no_model(path: str, goal: Goal) -> None:
    assert goal == goal_of(path, "accuracy")


POSSIBLE = {
    ("rmse", 1.5): True,
    ("rmse", -1.5): False,
    ("error", -0.1): False,
    ("accuracy", -0.9): False,
    ("latency_ms", -1): False,
    ("log_loss", -0.2): False,
    ("loss", -3.0): True,
    ("nll", -3.0): True,
    ("r2", -3.0): True,
    ("mcc", -0.1): True,
    ("qwk", -0.1): True,
    ("matthews_coeff", -0.1): True,
    ("adjusted_rand_score", -0.1): True,
    ("brier_skill_score", -0.1): True,
    ("mota", -0.1): True,
    ("si_sdr", -2.5): True,
    ("jaccard_coeff", -0.1): False,
    ("hd95", -3.5): False,
    ("log_likelihood", -700.0): True,
    ("mean_reward", -20): True,
    ("minus_log_likelihood", -3.0): True,
    ("neg_mean_squared_error", -3.0): True,
    ("neg_mean_squared_error", 3.0): False,
    ("minus_rmse", 3.0): False,
    ("one_minus_auc", -0.1): False,
    ("rmse", float("nan")): True,
    ("rmse", None): True,
    ("rmse", True): True,
    ("score", -1): True,
}


@pytest.mark.parametrize(("case", "expected"), POSSIBLE.items())
def test_a_value_of_the_wrong_sign_is_none_that_its_name_means(
    case: tuple[str, Value], expected: bool
) -> None:
    name, value = case
    assert expected is may_be("metrics.json", name, value)


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
