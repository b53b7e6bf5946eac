"""An output counts as a model where it is declared one, or where its name leaves hardly a doubt."""

from __future__ import annotations

import pytest

from dvc_changelog.snapshot.models import looks_like_model

MODELS = """
model.pkl models/model.pkl model.joblib xgb_model.pkl rf-classifier.pickle output/model-gauss.jbl
clf.onnx best.pt runs/exp/weights/best.pt last.pth net.safetensors model_checkpoint.weights.h5 model.h5
saved.keras en_core.model model.json xgb_model.json model.txt model-v2.json model_best.json model.rds
model.tar.gz model.tgz llm.gguf cat.cbm lightning_logs/epoch=3.ckpt model models output/models
checkpoints output/checkpoints bert_checkpoint checkpoint-500 model_v1.2 weights model_weights
data/models trained_models Model.PKL modelV2.onnx sentiment_model ckpt pytorch_model.bin weights.h5
model_weights.npz train_model.pt model.zip models/small-labels/yolov8-labels.pt
naive_bayes.joblib models/xgb.pkl artifacts/random_forest_v2.pickle logreg.pkl svm-best.joblib lgbm.bin
""".split()  # noqa: SIM905  # a table to be read

OTHERS = """
data.pkl metrics_model.json model_params.yaml model_params.json vectorizer.pkl data/raw data/data.xml
features model_card.txt model_summary.txt model_info.json model_history.pkl model_metrics.pkl models.csv
model.csv model.png model_report.zip class_weights.npz class_weights sample_weights.npz remodel.pkl
supermodels.pkl train_images.pt embeddings.pt test.pt X_train.pt dataset.pt data/processed/train_data.pt
labels.pth scaler.pkl model_config.json model.yaml model.py model_data evaluation models_comparison.json
models.json eval train.h5 model_plots model_logs tokenizer.json preprocess.py predictions.npz README.md
model_eval svm_predictions.pkl rf_importance.joblib models/churn.pkl transform.pkl brf.csv xgb.csv log.pkl
""".split()  # noqa: SIM905  # a table to be read


@pytest.mark.parametrize("path", MODELS)
def test_a_model_is_known_by_its_name(path: str) -> None:
    assert looks_like_model(path)


@pytest.mark.parametrize("path", OTHERS)
def test_what_may_be_anything_is_no_model(path: str) -> None:
    assert not looks_like_model(path)


@pytest.mark.parametrize(
    "stage", ["train", "train_churn", "training", "fine-tune", "dl/dvc.yaml:fit@rnn", "retrain"]
)
def test_what_training_puts_below_models_is_one(stage: str) -> None:
    assert looks_like_model("models/churn.pkl", stage)
    assert looks_like_model("dl/model/2024/net.bin", stage)


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("models/churn.pkl", "prepare"),
        ("models/churn.pkl", "split_training_set"),
        ("models/churn.pkl", "outfit"),
        ("models/churn.pkl", "train/dvc.yaml:prepare"),
        ("models/churn.pkl", "evaluate_trained"),
        ("data/churn.pkl", "train"),
        ("models/churn.csv", "train"),
        ("models/scaler.pkl", "train"),
        ("models/X_train.pkl", "train"),
        ("models/x_test.joblib", "train"),
        ("models/perm_importances.joblib", "train"),
        ("models/best_params.pkl", "train"),
        ("models/predictions.npz", "train"),
        ("models/label_encoder.pkl", "train"),
    ],
)
def test_what_else_is_there_is_none(path: str, stage: str) -> None:
    assert not looks_like_model(path, stage)
