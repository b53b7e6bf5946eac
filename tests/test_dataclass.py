"""Our dataclasses, held to what the standard library makes of the same class."""

import copy
import dataclasses
import pickle
from dataclasses import field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog import dataclass as ours

Decorator = Any


def made(decorator: Decorator) -> list[Any]:
    """The same classes by another decorator. in: it; out: no field, one, several, one of them left out"""

    @decorator(frozen=True, slots=True)
    class Nothing:
        pass

    @decorator(frozen=True, slots=True)
    class One:
        """One field."""

        first: Any

    @decorator(frozen=True, slots=True, kw_only=True)
    class Several:
        first: Any
        second: Any = 2
        third: Any = field(default=3, compare=False)
        fourth: Any = field(default=4, repr=False)
        fifth: Any = field(default=5, hash=False)

    @decorator(frozen=True, slots=True)
    class Own:
        first: Any

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

        def __repr__(self) -> str:
            return "own"

    @decorator(frozen=True, slots=True)
    class Mixed:
        first: Any
        second: Any = field(default_factory=list)
        third: Any = field(default=3, kw_only=True)
        fourth: Any = field(kw_only=True)

    @decorator(slots=True)
    class Changing:
        first: Any
        second: Any = field(default_factory=dict)

    return [Nothing, One, Several, Own, Mixed, Changing]


OURS = made(ours.dataclass)
THEIRS = made(dataclasses.dataclass)
PAIRS = list(zip(OURS, THEIRS, strict=True))
FROZEN = [pair for pair in PAIRS if pair[0].__hash__]
values = st.none() | st.integers(0, 2) | st.floats() | st.text(max_size=1) | st.tuples(st.integers(0, 1))
names = ("first", "second", "third", "fourth", "fifth")


@st.composite
def alike(draw: st.DrawFn) -> tuple[Any, Any]:
    """One value of each of the two sides, of the same class with the same fields."""
    one, other = draw(st.sampled_from(FROZEN))
    filled = {each.name: draw(values) for each in dataclasses.fields(other)}
    return one(**filled), other(**filled)


@given(alike(), alike())
def test_values_are_equal_shown_and_hashed_as_those_of_the_standard_library(
    left: tuple[Any, Any], right: tuple[Any, Any]
) -> None:
    assert (left[0] == right[0]) == (left[1] == right[1])
    assert (left[0] != right[0]) == (left[1] != right[1])
    assert hash(left[0]) == hash(left[1])
    assert repr(left[0]) == repr(left[1])


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_classes_take_and_refuse_what_those_of_the_standard_library_do(one: Any, other: Any) -> None:
    def told(cls: Any) -> Any:
        return [(each.name, each.default, each.compare, each.kw_only) for each in dataclasses.fields(cls)]

    assert told(one) == told(other)
    assert one.__match_args__ == other.__match_args__
    assert one.__slots__ == other.__slots__
    filled = one(**dict.fromkeys(one.__slots__, 1))
    assert dataclasses.replace(filled) == filled
    assert copy.deepcopy(filled) == filled


@pytest.mark.parametrize(("one", "other"), FROZEN)
def test_values_that_are_frozen_refuse_to_change(one: Any, other: Any) -> None:
    for cls in (one, other):
        filled = cls(**dict.fromkeys(cls.__slots__, 1))
        for name in cls.__slots__:
            with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
                setattr(filled, name, 2)
            with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
                delattr(filled, name)


@given(st.sampled_from(PAIRS), st.lists(values, max_size=4), st.dictionaries(st.sampled_from(names), values))
def test_values_are_made_of_the_same_arguments(
    pair: tuple[Any, Any], given_first: list[Any], named: dict[str, Any]
) -> None:
    def tried(cls: Any) -> str:
        try:
            return repr(cls(*given_first, **named))
        except TypeError as error:
            return str(error)

    assert tried(pair[0]) == tried(pair[1])
    assert tried(pair[0]) == tried(pair[1])  # the second value of a class is made by another function


@ours.dataclass(frozen=True, slots=True)
class Packed:
    """Found by its name, as pickling asks for."""

    first: Any
    second: Any = field(default_factory=list)


def test_values_are_copied_and_pickled() -> None:
    value = Packed(1)
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == value
    assert value.second is not Packed(1).second


def test_what_is_made_of_the_fields_is_made_after_them() -> None:
    @ours.dataclass(slots=True)
    class Derived:
        first: int
        second: int = field(init=False)
        third: list[int] = field(init=False, default_factory=list)

        def __post_init__(self) -> None:
            self.second = self.first + 1
            self.third.append(self.second)

    assert Derived(1) == Derived(1)
    assert (Derived(1).second, Derived(1).third) == (2, [2])


def test_what_is_not_a_frozen_value_is_the_standard_librarys() -> None:
    @ours.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        first: int

    @ours.dataclass(slots=True)
    class Changing:
        first: int

    assert Ordered(1) < Ordered(2)
    changing = Changing(1)
    changing.first = 2
    assert changing == Changing(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(changing)
