"""Numbers, sizes and dates as people write them."""

# ruff: noqa: RUF001  # the minus sign is what is tested

from __future__ import annotations

import math

import pytest
from hypothesis import given
from strategies import numbers, values

from dvc_changelog.render import figures

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""),
        (0, "0 B"),
        (1023, "1,023 B"),
        (1024, "1.0 KB"),
        (1_048_524, "1,023.9 KB"),
        (1_048_575, "1.0 MB"),
        (14_470_000, "13.8 MB"),
        (-2048, "-2.0 KB"),
        (3 * 1024**5, "3.0 PB"),
        (3000 * 1024**5, "3,000.0 PB"),
    ],
)
def test_a_size(count: int | None, shown: str) -> None:
    assert figures.size(count) == shown


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (1, 2048, "1 B → 2.0 KB"),
        (5, 5, "5 B"),
        (10**9, 10**9 + 1, "953.7 MB (+1 byte)"),
        (10**9, 10**9 - 3, "953.7 MB (−3 bytes)"),
        (None, 5, "5 B"),
        (5, None, "5 B"),
        (None, None, ""),
    ],
)
def test_a_size_that_moved(old: int | None, new: int | None, shown: str) -> None:
    assert figures.sizes(old, new) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (True, "true"),
        (0, "0"),
        (-0.0, "-0"),
        (41, "41"),
        (1234567, "1,234,567"),
        (-1234567, "-1,234,567"),
        (10**14, "100,000,000,000,000"),
        (10**30, "1.0000e+30"),
        (0.93121, "0.93121"),
        (0.931214999, "0.93121"),
        (1e-05, "1e-05"),
        (1234.5678, "1,234.6"),
        (123456.789, "123,457"),
        (1200.0, "1,200"),
        (1e20, "1e+20"),
        (-0.5, "-0.5"),
        (NAN, "NaN"),
        (INF, "∞"),
        (-INF, "−∞"),
    ],
)
def test_a_number(number: float, shown: str) -> None:
    assert figures.number(number) == shown


def test_a_number_too_long_for_python_to_write_is_shown_all_the_same() -> None:
    assert figures.number(10**5000) == "1.0000e+5000"
    assert figures.value(10**5000).startswith("1.0000000000000000e+5000")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (0.912, 0.931, ("0.912", "0.931")),
        (0.9123451, 0.9123452, ("0.9123451", "0.9123452")),
        (0.1 + 0.2, 0.3, ("0.30000000000000004", "0.29999999999999999")),
        (NAN, 1.0, ("NaN", "1")),
        (1, 1.0, ("1", "1.0")),
        (NAN, NAN, ("NaN", "NaN")),
        (INF, INF, ("∞", "∞")),
        (1234.5, 1234.5, ("1,234.5", "1,234.5")),
        (123456.1, 123456.2, ("123,456.1", "123,456.2")),
    ],
)
def test_two_numbers_are_told_apart(old: float, new: float, shown: tuple[str, str]) -> None:
    assert figures.numbers(old, new) == shown


@pytest.mark.parametrize(
    ("old", "new", "delta", "shown"),
    [
        (0.912, 0.931, 0.019, "+0.019 (+2.1 %)"),
        (41, 55, 14, "+14 (+34 %)"),
        (55, 41, -14, "−14 (−25 %)"),
        (-2.0, -1.0, 1.0, "+1 (+50 %)"),
        (1, 1001, 1000, "+1,000 (+100,000 %)"),
        (1000.0, 1000.5, 0.5, "+0.5 (+0.05 %)"),
        (1e6, 1e6 + 0.5, 0.5, "+0.5"),
        (0, 5, 5, "+5"),
        (0.0, 1e-05, 1e-05, "+1e-05"),
        (0.0, -1e-05, -1e-05, "−1e-05"),
        (1.0, INF, INF, "+∞"),
        (INF, 1.0, -INF, "−∞"),
        (1e-300, 1e300, 1e300, "+1.00e+300 (+1.00e+602 %)"),
        (10**400, 2 * 10**400, 10**400, "+1.00e+400 (+100 %)"),
        (1.0, NAN, NAN, ""),
        (NAN, 1.0, 1.0, ""),
        (True, False, -1, ""),
        ("a", "b", None, ""),
        (1, 2, None, ""),
    ],
)
def test_a_step(old: object, new: object, delta: float | None, shown: str) -> None:
    assert figures.step(old, new, delta) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (1e-3, "0.001"),
        (-4, "-4"),
        (NAN, "NaN"),
        ("yes", "yes"),
        ("", ""),
        ([1, "ä", None], '[1, "ä", null]'),
        ({"a": [NAN]}, '{"a": [NaN]}'),
        ("x" * 81, "x" * 60 + "… (81 characters)"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_value(value: object, shown: str) -> None:
    assert figures.value(value) == shown


@pytest.mark.parametrize(
    ("timestamp", "shown"),
    [(0, "1970-01-01"), (1_773_446_400, "2026-03-14"), (-86_400, "1969-12-31"), (2**40 * 100, "")],
)
def test_a_date(timestamp: int, shown: str) -> None:
    assert figures.date(timestamp) == shown


@pytest.mark.parametrize(
    ("amount", "words", "shown"),
    [
        (0, ("file",), "0 files"),
        (1, ("file",), "1 file"),
        (1200, ("file",), "1,200 files"),
        (2, ("a", "b"), "2 b"),
    ],
)
def test_a_count(amount: int, words: tuple[str, ...], shown: str) -> None:
    assert figures.count(amount, *words) == shown


@given(numbers, numbers)
def test_every_number_has_a_figure(old: float, new: float) -> None:
    for shown in (figures.number(old), *figures.numbers(old, new), figures.step(old, new, 1.0)):
        assert len(shown) < 60


@given(values)
def test_every_value_has_a_figure_of_limited_length(value: object) -> None:
    assert len(figures.value(value)) <= 100
