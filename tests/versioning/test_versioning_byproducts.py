"""What no stage reads and is no product all the same: by its path."""

from __future__ import annotations

import pytest

from dvc_changelog.versioning.byproducts import is_byproduct

BYPRODUCTS = """
reports/summary.txt reports output/splits output/splits/X.npy data/split/X_test.npy data/X_train.csv
y_test.pkl data/processed/train.csv data/test data/val_data data/train_features.npz
classification_report.txt confusion_matrix.npy figures/roc.svg loss.png training/plots
feature_importance.csv data/interim/tokens.txt tmp/a.bin run.log model_card.md
data/processed/test_dataset.csv output/timing/timing.parquet eval_results.json notebook.ipynb
""".split()  # noqa: SIM905  # a table to be read

PRODUCTS = """
predictions.csv data/processed vectorizer.pkl output/forecast.parquet embeddings data/features.csv
index.faiss labels.csv data/clean scored.csv train_network.bin data/contests.csv catalog.db
tokenizer.json output/assessment_pin.parquet data/training_data.parquet results/forecast.csv images
""".split()  # noqa: SIM905  # a table to be read


@pytest.mark.parametrize("path", BYPRODUCTS)
def test_a_report_or_split_is_a_byproduct(path: str) -> None:
    assert is_byproduct(path)


@pytest.mark.parametrize("path", PRODUCTS)
def test_what_may_be_used_elsewhere_is_none(path: str) -> None:
    assert not is_byproduct(path)
