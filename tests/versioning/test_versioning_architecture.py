"""Which params say what is trained, by names as pipelines have them."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Value
from dvc_changelog.versioning.architecture import is_architecture

STRUCTURE: list[tuple[str, Value, Value]] = [
    ("train.arch", "shufflenet_v2_x2_0", "resnet18"),
    ("train.model_name", "efnet", "resnet"),
    ("train.algorithm", "RandomForestRegressor", "Ridge"),
    ("model_type", "yolov8n.pt", "yolov8s.pt"),
    ("train.model_type", "XGBClassifier", "LGBMClassifier"),
    ("model.engine", "xgboost", "lightgbm"),
    ("model", "DynamicUnet", "UNet"),
    ("model.name", "a", "b"),
    ("model.class", "sklearn.svm.SVC", "xgboost.XGBClassifier"),
    ("models", ["xgb"], ["xgb", "lgbm"]),
    ("classifiers", "GaussianNB", "GaussianNB, BernoulliNB"),
    ("estimator", None, "ridge"),
    ("clf.kind", "svm", "tree"),
    ("base_model", "bert-base", "bert-large"),
    ("model_name_or_path", "bert-base", "roberta-base"),
    ("pretrained_model_name_or_path", "bert-base", "roberta-base"),
    ("model.lstm_units", 128, 256),
    ("model.second_lstm_layer", False, True),
    ("embedding_dimension", 50, 100),
    ("numLayers", 2, 3),
    ("net.num_layers", 2, 3),
    ("hidden_dim", 64, 128),
    ("mlp.hidden_layer_sizes", [100], [100, 50]),
    ("train.n_hidden", 64, 128),
    ("cnn.filters", 32, 64),
    ("conv.kernel_size", 3, 5),
    ("svc.kernel", "rbf", "linear"),
    ("num_attention_heads", 8, 12),
    ("transformer.d_model", 256, 512),
    ("n_head", 4, 8),
    ("backbone.name", "resnet18", "resnet50"),
    ("backbone.depth", 18, 50),
    ("encoder.size", 128, 256),
    ("encoder_weights", "imagenet", "ssl"),
    ("activation", "relu", "gelu"),
    ("vectorizer.type", "count", "tfidf"),
    ("in_channels", 1, 3),
]
HOW: list[tuple[str, Value, Value]] = [
    ("lr", 0.1, 0.2),
    ("train.n_estimators", 100, 150),
    ("train.params.max_depth", 10, 15),
    ("featurize.max_features", 100, 200),
    ("featurize.ngrams", 1, [1, 2]),
    ("train.n_est", 50, 100),
    ("train.min_split", 0.01, 8),
    ("xgb.learning_rate", 0.1, 0.2),
    ("lgbm.num_leaves", 31, 63),
    ("catboost.depth", 6, 8),
    ("train.epochs", 5, 10),
    ("train.batch_size", 8, 16),
    ("train.img_size", 224, 256),
    ("base.random_seed", 1, 42),
    ("data_split.test_size", 0.2, 0.25),
    ("optimizer.name", "adam", "sgd"),
    ("lr_scheduler.type", "cosine", "step"),
    ("model.objective", "rmse", "mae"),
    ("model.loss_function", "mse", "mae"),
    ("model.dropout_value", 0.5, 0.2),
    ("encoder.dropout", 0.1, 0.2),
    ("encoder_lr", 1e-4, 1e-5),
    ("layer_decay", 0.9, 0.8),
    ("freeze_encoder", True, False),
    ("kernel_regularizer", "l1", "l2"),
    ("model.mask_value", -1, 0),
    ("model.version", "1.0.0", "1.1.0"),
    ("models_dir", "models/", "out/"),
    ("train.model_path", "m.pkl", "n.pkl"),
    ("model_file_name", "m.pkl", "n.pkl"),
    ("registered_model_name", "churn", "churn-eu"),
    ("model.save", True, False),
    ("selection.method", "filter", "wrapper"),
    ("data.classes", ["a"], ["a", "b"]),
    ("run_name", "a", "b"),
    ("gp.kernel.scale", 1.0, 2.0),
    ("", 1, 2),
]


@pytest.mark.parametrize(("name", "old", "new"), STRUCTURE)
def test_what_is_trained(name: str, old: Value, new: Value) -> None:
    assert is_architecture(name, old, new)


@pytest.mark.parametrize(("name", "old", "new"), HOW)
def test_how_it_is_trained(name: str, old: Value, new: Value) -> None:
    assert not is_architecture(name, old, new)
