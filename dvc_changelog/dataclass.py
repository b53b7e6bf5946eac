"""Dataclasses that are made in less time. Knows nothing of the house.

`dataclasses` writes up to six methods for each class as source, and compiles them. With the two hundred small
values of this house that was a third of a short command, such as a review or a hook. Here the methods give
what those of the standard library would, but are written once for all classes. `__init__` alone is compiled,
so that values are made as fast as there, and not before the first of its class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_Method = Callable[..., Any]

if TYPE_CHECKING:  # to a type checker, and to who reads, it is the standard library's
    from dataclasses import dataclass
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """Make a dataclass. in: options of `dataclasses.dataclass`; out: the decorator"""
        if not {"slots"} <= {*options} <= {"frozen", "slots", "kw_only"}:
            return dataclasses.dataclass(**options)
        frozen = options.pop("frozen", False)
        made = dataclasses.dataclass(**options, init=False, repr=False, eq=False)
        return lambda cls: _completed(made(cls), frozen=frozen)


def _completed(cls: Any, *, frozen: bool) -> Any:
    fields = cls.__dataclass_fields__.values()
    methods: dict[str, _Method | None] = {
        "__init__": _first(cls),
        "__repr__": _shown([each.name for each in fields if each.repr]),
        "__eq__": _compared(_values([each.name for each in fields if each.compare])),
        "__hash__": None,
    }
    if frozen:
        hashed = [each.name for each in fields if (each.compare if each.hash is None else each.hash)]
        methods |= {"__hash__": _hashed(_values(hashed)), **_FROZEN}
    for name, method in methods.items():
        if cls.__dict__.get(name) is None:  # what the class says itself stays
            setattr(cls, name, method)
    return cls


def _first(cls: Any) -> _Method:
    """Give the `__init__` of a class until it is called: it puts the true one in its own place."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807  # becomes a method of the class
        cls.__init__ = _compiled(cls)
        cls.__init__(self, *values, **named)

    return __init__


def _compiled(cls: Any) -> _Method:
    """Write the `__init__` of a class: it puts each value into its slot, which freezing leaves open."""
    scope: dict[str, Any] = {"absent": dataclasses.MISSING}
    parameters, named, body = ["self"], ["*"], []
    for name, each in cls.__dataclass_fields__.items():
        scope |= {f"put_{name}": getattr(cls, name).__set__, f"new_{name}": each.default_factory}
        made = each.default_factory is not dataclasses.MISSING
        if each.init:
            scope[f"default_{name}"] = default = dataclasses.MISSING if made else each.default
            optional = made or default is not dataclasses.MISSING
            (named if each.kw_only else parameters).append(f"{name}=default_{name}" if optional else name)
            body.append(
                f"put_{name}(self, new_{name}() if {name} is absent else {name})"
                if made
                else f"put_{name}(self, {name})"
            )
        elif made:
            body.append(f"put_{name}(self, new_{name}())")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    heading = ", ".join(parameters + (named if len(named) > 1 else []))
    exec(f"def __init__({heading}):\n " + "\n ".join(body or ["pass"]), scope)  # noqa: S102  # names of fields alone
    method = scope["__init__"]
    method.__qualname__ = f"{cls.__qualname__}.__init__"  # which a TypeError names
    return method  # type: ignore[no-any-return]  # of a scope of many things


def _compared(values: _Method) -> _Method:
    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807  # as above
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    return __eq__


def _hashed(values: _Method) -> _Method:
    def __hash__(self: Any) -> int:  # noqa: N807  # as above
        return hash(values(self))

    return __hash__


def _shown(names: list[str]) -> _Method:
    def __repr__(self: Any) -> str:  # noqa: N807  # as above
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({said})"

    return __repr__


def _values(names: list[str]) -> _Method:
    """Give what reads some fields as a tuple; `attrgetter` does so for two names and more."""
    return attrgetter(*names) if len(names) > 1 else lambda self: tuple(getattr(self, name) for name in names)


def _refuse_to_set(_self: Any, name: str, _value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_FROZEN: dict[str, _Method | None] = {
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,  # to copy a value that is frozen and has slots
    "__setstate__": _restore,
}
