"""Names that a package gives, and imports when they are first asked for. Knows nothing of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def deferred(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package (PEP 562).

    Args:
        package: its name.
        homes: the module of each name.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807  # becomes that of the package
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(homes[name]), name)

    return __getattr__
