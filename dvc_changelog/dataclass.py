"""Frozen dataclasses that are made in less time. Knows nothing of the house.

`dataclasses` writes and compiles six methods for each class, as source. With the two hundred small values of
this house that was a third of a short command, such as a review or a hook. Here `__eq__`, `__hash__` and
`__repr__` are written once, and give what those of the standard library would.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:  # to a type checker, and to who reads, it is the standard library's
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(**options: bool) -> Callable[[type], type]:
        """Make a dataclass. in: options of `dataclasses.dataclass`; out: the decorator"""
        if not {"frozen", "slots"} <= {*options} <= {"frozen", "slots", "kw_only"}:
            return dataclasses.dataclass(**options)
        return lambda cls: _completed(dataclasses.dataclass(**options, repr=False, eq=False)(cls))


def _completed(cls: Any) -> Any:
    fields = cls.__dataclass_fields__.values()
    methods = _methods(
        compared=[each.name for each in fields if each.compare],
        hashed=[each.name for each in fields if (each.compare if each.hash is None else each.hash)],
        shown=[each.name for each in fields if each.repr],
    )
    for method in methods:
        if cls.__dict__.get(method.__name__) is None:  # what the class says itself stays
            setattr(cls, method.__name__, method)
    return cls


def _methods(compared: list[str], hashed: list[str], shown: list[str]) -> tuple[Callable[..., Any], ...]:
    to_compare, to_hash = _values(compared), _values(hashed)

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807  # becomes a method of the class
        if other.__class__ is not self.__class__:
            return NotImplemented
        return to_compare(self) == to_compare(other)

    def __hash__(self: Any) -> int:  # noqa: N807  # as above
        return hash(to_hash(self))

    def __repr__(self: Any) -> str:  # noqa: N807  # as above
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({said})"

    return __eq__, __hash__, __repr__


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Give what reads some fields as a tuple; `attrgetter` does so for two names and more."""
    return attrgetter(*names) if len(names) > 1 else lambda self: tuple(getattr(self, name) for name in names)
