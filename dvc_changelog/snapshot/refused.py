"""What DVC refuses a dvc.yaml for. Its schema is held to DVC's own in the tests: that one is slow to import.

Source: `dvc/schema.py` and `dvc/annotations.py` of DVC 3. What DVC 2 took besides is no fault: `live` of a
stage, `plots` as a mapping. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

_Check = Callable[[object, str], Iterator[str]]
"""What is wrong with a value, which is called so in the sentence."""


def refusal(document: Mapping[str, object]) -> str:
    """The first thing that DVC refuses a dvc.yaml for, as a clause; "" where it takes it."""
    return next(_TOP(document, ""), "")


def faulty(document: Mapping[str, object]) -> frozenset[str]:
    """The stages of a dvc.yaml that are among what DVC refuses it for."""
    stages = document.get("stages")
    found = stages.items() if isinstance(stages, Mapping) else ()
    return frozenset(str(name) for name, stage in found if next(_stage(stage, ""), ""))


def _kind(type_: type, called: str) -> _Check:
    def check(value: object, name: str) -> Iterator[str]:
        if not isinstance(value, type_):
            yield f"{name} is no {called}"

    return check


def _anything(_value: object, _name: str) -> Iterator[str]:
    yield from ()


_text = _kind(str, "text")
_flag = _kind(bool, "truth value")
_list = _kind(list, "list")
_mapping = _kind(Mapping, "mapping")


def _nothing(value: object, name: str) -> Iterator[str]:
    if value is not None:
        yield f"{name} is not empty"


def _either(*checks: _Check) -> _Check:
    """One of these: what is told is what the one has against it that comes nearest, as it looks within."""

    def check(value: object, name: str) -> Iterator[str]:
        found = [next(each(value, name), "") for each in checks]
        if all(found):
            inner = (said for said in found if not said.startswith(f"{name} is n"))
            yield next(inner, f"{name} is {_called(value)}")

    return check


def _called(value: object) -> str:
    match value:
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "empty"
        case _:
            return f"`{_word(value)}`"


def _all(each: _Check) -> _Check:
    def check(value: object, name: str) -> Iterator[str]:
        yield from _list(value, name)
        for item in value if isinstance(value, list) else ():
            yield from each(item, f"an entry of {name}")

    return check


def _by_name(each: _Check, called: str = "`{}` of {}", *, least: int = 0) -> _Check:
    """A mapping of any names."""

    def check(value: object, name: str) -> Iterator[str]:
        yield from _mapping(value, name)
        if isinstance(value, Mapping):
            if len(value) < least:
                yield f"{name} is an empty mapping"
            for key, item in value.items():
                if not isinstance(key, str):
                    yield f"{name} has a name that is no text: `{_word(key)}`"
                yield from each(item, called.format(_word(key), name))

    return check


def _keys(known: Mapping[str, _Check], *needed: str) -> _Check:
    """A mapping of these keys alone."""

    def check(value: object, name: str) -> Iterator[str]:
        yield from _mapping(value, name)
        if not isinstance(value, Mapping):
            return
        has = f"{name} has" if name else "it has"
        for key, item in value.items():
            if not isinstance(key, str) or key not in known:
                yield f"{has} an unknown key `{_word(key)}`"
            else:
                yield from known[key](item, f"`{key}` of {name}" if name else f"`{key}`")
        for key in needed:
            if key not in value:
                yield f"{has} no `{key}`"

    return check


def _word(value: object) -> str:
    return " ".join(str(value).replace("`", "'").split())[:60]


_NOTES: Mapping[str, _Check] = MappingProxyType(
    {"desc": _text, "type": _text, "labels": _all(_text), "meta": _anything}
)
_OUT: Mapping[str, _Check] = MappingProxyType(
    {
        **_NOTES,
        **dict.fromkeys(("cache", "persist", "checkpoint", "push"), _flag),
        "remote": _text,
    }
)
_DRAWN = dict.fromkeys(("template", "x", "y", "x_label", "y_label", "title"), _text)
_PLOT_OUT = _keys({**_OUT, **_DRAWN, "header": _flag})
_OUTS = _all(_either(_text, _by_name(_keys(_OUT))))
_VARS = _all(_either(_text, _mapping))
_STAGE = _keys(
    {
        "matrix": _by_name(_either(_text, _list)),
        "cmd": _either(_text, _list),
        "wdir": _text,
        "deps": _all(_text),
        "params": _all(_either(_text, _mapping)),
        "vars": _VARS,
        "frozen": _flag,
        "meta": _anything,
        "desc": _text,
        "always_changed": _flag,
        "outs": _OUTS,
        "metrics": _OUTS,
        "plots": _all(_either(_text, _by_name(_either(_PLOT_OUT, _all(_PLOT_OUT))))),
        "live": _anything,
    },
    "cmd",
)
_GROUP = _keys({"foreach": _either(_mapping, _list, _text), "do": _STAGE}, "foreach", "do")


def _stage(value: object, name: str) -> Iterator[str]:
    """A stage, or several in one."""
    several = isinstance(value, Mapping) and not {"foreach", "do"}.isdisjoint(value)
    yield from _GROUP(value, name) if several else _STAGE(value, name)


_TEXTS = _either(_text, _all(_text))
_PLOT = _keys(
    {
        **_DRAWN,
        "x": _either(_text, _by_name(_text)),
        "y": _either(_text, _all(_text), _by_name(_TEXTS)),
    }
)
_TOP = _keys(
    {
        "stages": _by_name(_stage, "stage `{}`"),
        "vars": _VARS,
        "params": _all(_text),
        "metrics": _all(_text),
        "plots": _either(
            _all(_either(_text, _by_name(_either(_PLOT, _nothing), "plot `{}`", least=1))), _mapping
        ),
        "artifacts": _by_name(_keys({**_NOTES, "path": _text}, "path"), "artifact `{}`"),
        "datasets": _anything,
    }
)
