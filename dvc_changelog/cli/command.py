"""Commands as Typer has them, that start sooner."""

from __future__ import annotations

from copy import copy
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_name

if TYPE_CHECKING:
    from typer import Typer
    from typer.models import CommandInfo


class _Direct:
    """Lets Typer look only at arguments that can be wrong.

    Typer builds a validator of Pydantic for every parameter of a command, also for those that were not given,
    and importing Pydantic takes as long as the work of a small review. A default, text, a path that may be
    any, and the exact word of a choice need none.
    """

    def get_params(self, context: Any) -> list[Any]:
        found: list[Any] = super().get_params(context)  # type: ignore[misc]  # of the class beside this one
        for param in found:
            if "process_value" not in vars(param):
                param.process_value = partial(_value, param)
        return found


def only(app: Typer, name: str) -> Typer:
    """Leave Typer one command to build. in: all, the name asked for; out: those, all where none has that name

    To run one, Typer reads the parameters of every command, which takes as long as a small review does.
    """
    named = [each for each in app.registered_commands if get_command_name(_name(each)) == name]
    narrowed = copy(app)
    narrowed.registered_commands = named or app.registered_commands
    return narrowed


def _name(command: CommandInfo) -> str:
    return command.name or str(getattr(command.callback, "__name__", ""))


class Command(_Direct, TyperCommand):
    """A command."""


class Group(_Direct, TyperGroup):
    """The commands together."""


def _value(param: Any, context: Any, value: Any) -> Any:
    """The value of a parameter, from Typer where that can change or refuse it."""
    known = _known(param, value)
    if known is None and not _is_right(param, value):
        return type(param).process_value(param, context, value)
    value = value if known is None else known
    if value is None and (param.multiple or param.nargs == -1):
        value = ()
    return param.callback(context, param, value) if param.callback else value


def _known(param: Any, value: Any) -> Any:
    """The path or the choice that a text stands for, as Typer has it; None for what Typer is to look at."""
    descriptor = getattr(param, "type_descriptor", None)
    if descriptor is None or not isinstance(value, str):
        return None
    if descriptor.annotation is Path:
        asked = descriptor.parameter_info
        return None if asked.exists or asked.resolve_path or asked.path_type else Path(value)
    if isinstance(descriptor.annotation, type) and issubclass(descriptor.annotation, StrEnum):
        return next((choice for choice in descriptor.annotation if choice.value == value), None)
    return None


def _is_right(param: Any, value: Any) -> bool:
    """Whether a value is the parameter's as it stands."""
    if value is None:
        return not param.required
    # Typer before 0.29 has no such descriptor, and no Pydantic either.
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if kind is None:
        return False
    texts = value if kind == list[str] else (value,) if kind is str else (None,)
    return value is param.default or all(isinstance(text, str) for text in texts)
