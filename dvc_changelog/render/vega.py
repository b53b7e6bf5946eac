"""Plots of two states as DVC's own templates draw them: Vega-Lite specifications. Nothing is drawn here.

DVC joins the points of both states and fills the template, as for `dvc plots diff`. It is given no path: a
template is read by the caller, from the repository, and one that would load anything is refused.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Any

from dvc_changelog.dataclass import dataclass
from dvc_changelog.render import figures
from dvc_changelog.render.thinning import thinned

if TYPE_CHECKING:
    from dvc_render.vega_templates import Template

DEFAULT = "linear"
_MOST_POINTS = 50_000
"""Points of one picture, where none may be left out."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A plot of one state: its settings, and what is in its files, or why that is not known.

    `file` is the dvc.yaml that defines it, "" for an output of a stage.
    """

    id: str
    file: str
    props: Mapping[str, Any]
    documents: Mapping[str, Any] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """A plot of two states, ready to be drawn. `spec` is None where `trouble` says why not.

    `points` counts those of each state that has any; `left_out` those that are not drawn. `same` says that
    the points of both states are the same ones. `remarks` tell what is not in it.
    """

    name: str
    spec: Mapping[str, Any] | None = None
    points: Mapping[str, int] = field(default_factory=dict)
    left_out: int = 0
    same: bool = False
    trouble: str = ""
    remarks: tuple[str, ...] = ()


Templates = Callable[[str], bytes | None]
"""Gives the template of a name as the repository has it, None where it has none."""


def filled(sides: Mapping[str, Sequence[Definition]], templates: Templates) -> Iterator[Filled]:
    """The plots of two states, each overlaid in one specification.

    Args:
        sides: the plots by the state that a reader knows by this name; the older state comes first.
        templates: see `Templates`.
    """
    from dvc.render.match import match_defs_renderers

    known: dict[str, Template | str] = {}
    data: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for label, definitions in sides.items():
        files: dict[str, dict[str, Any]] = {}
        sources: dict[str, Any] = {}
        for one in definitions:
            name = str(one.props.get("template") or DEFAULT)
            if name not in known:
                known[name] = _template(name, templates)
            template = known[name]
            if isinstance(template, str):
                refused[one.id] = template
                continue
            props = {**one.props, "template": template}
            files.setdefault(one.file, {"data": {}})["data"][one.id] = props
            sources |= {path: {"data": document} for path, document in one.documents.items()}
            sources |= {path: {"error": _Unread(why)} for path, why in one.unread.items()}
        if files:
            data[label] = {"definitions": {"data": files}, "sources": {"data": sources}}
    for name, why in refused.items():
        yield Filled(name, trouble=why)
    with _quiet():
        found = match_defs_renderers(data=data)
    for renderer, source_errors, definition_errors in found:
        if renderer.name not in refused:
            yield _filled(renderer, source_errors, definition_errors)


class _Unread(Exception):  # noqa: N818  # handed through DVC, never raised
    """Why a file cannot be read."""


def _filled(renderer: Any, source_errors: Mapping[str, Any], definition_errors: Mapping[str, Any]) -> Filled:
    remarks = tuple(_remarks(source_errors, definition_errors))
    by_side: dict[str, list[dict[str, Any]]] = {}
    for point in renderer.datapoints:
        by_side.setdefault(point["rev"], []).append(point)
    counts = {label: len(points) for label, points in by_side.items()}
    if not counts:
        more = f" (and {len(remarks) - 1:,} more)" if len(remarks) > 1 else ""
        return Filled(renderer.name, trouble=remarks[0] + more if remarks else "it has no points")
    old_and_new = [[_without_side(point) for point in points] for points in by_side.values()]
    same = len(old_and_new) > 1 and all(_equal(old_and_new[0], points) for points in old_and_new[1:])
    drawn = _drawn(renderer)
    if len(drawn) > _MOST_POINTS:
        return Filled(renderer.name, points=counts, same=same, trouble=f"{len(drawn):,} points are too many")
    left_out = len(renderer.datapoints) - len(drawn)
    renderer.datapoints = drawn
    try:
        spec = renderer.get_filled_template()
    except Exception as error:  # noqa: BLE001  # DVC raises whatever a template or its points lead to
        return Filled(renderer.name, points=counts, same=same, trouble=_sentence(error), remarks=remarks)
    if field := _without_numbers(spec, drawn):
        why = f"`{field}` has no numbers, which its template draws"
        return Filled(renderer.name, points=counts, same=same, trouble=why, remarks=remarks)
    return Filled(renderer.name, finite(spec), counts, left_out, same, remarks=remarks)


def _without_numbers(spec: object, points: Sequence[Mapping[str, Any]]) -> str:
    """A field that is drawn to a scale of numbers and is text in all points: its picture would be empty."""
    if isinstance(spec, list):
        return next(filter(None, (_without_numbers(item, points) for item in spec)), "")
    if not isinstance(spec, Mapping):
        return ""
    name = spec.get("field")
    if spec.get("type") == "quantitative" and "aggregate" not in spec and isinstance(name, str):
        there = [point[name] for point in points if name in point]
        if there and not any(map(_is_number, there)):
            return name
    parts = (part for key, part in spec.items() if key not in {"data", "values"})
    return next(filter(None, (_without_numbers(part, points) for part in parts)), "")


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _drawn(renderer: Any) -> list[dict[str, Any]]:
    """The points that are drawn. Of a line some can be left out; elsewhere each one counts."""
    from dvc_render.vega_templates import SimpleLinearTemplate, SmoothLinearTemplate

    if not isinstance(renderer.template, SimpleLinearTemplate | SmoothLinearTemplate):
        return list(renderer.datapoints)
    return thinned(renderer.datapoints, str(renderer.properties.get("y")), ("rev", "filename", "field"))


def _template(name: str, templates: Templates) -> Template | str:
    """A template of the repository, or of DVC by this name; or why it is none."""
    from dvc_render.vega_templates import TEMPLATES, Template

    data = templates(name)
    if data is None:
        own = next((template for template in TEMPLATES if name == template.DEFAULT_NAME), None)
        return own() if own else f"there is no template `{name}`"
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return f"its template `{name}` is no JSON"
    if not isinstance(content, dict):
        return f"its template `{name}` is no Vega-Lite"
    if _loads(content):
        return f"its template `{name}` loads what is elsewhere, which is not done here"
    return Template(content, name=name)


def _loads(part: object) -> bool:
    """Whether a template names anything to be loaded: data, or pictures for marks."""
    if isinstance(part, dict):
        return "url" in part or any(map(_loads, part.values()))
    return isinstance(part, list) and any(map(_loads, part))


def _remarks(source_errors: Mapping[str, Any], definition_errors: Mapping[str, Any]) -> Iterator[str]:
    told = set()
    for label, errors in source_errors.items():
        for path, error in errors.items():
            told.add(label)
            yield f"`{path}` of {label} cannot be read: {_sentence(error)}"
    for label, error in definition_errors.items():
        if label not in told:  # else the one comes of the other
            yield f"what {label} has cannot be drawn: {_sentence(error)}"


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return figures.shortened(text, 200) if text else type(error).__name__


def _without_side(point: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in point.items() if key != "rev"}


def _equal(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Whether points are the same ones; `repr` holds NaN for the same as NaN."""
    return len(one) == len(other) and all(
        a == b or repr(a) == repr(b) for a, b in zip(one, other, strict=True)
    )


def finite(part: Any) -> Any:
    """A specification without what JSON has no word for: NaN and infinities are points without a value."""
    if isinstance(part, dict):
        return {str(key): finite(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [finite(value) for value in part]
    if isinstance(part, float):
        return part if math.isfinite(part) else None
    return part if isinstance(part, str | int | None) else str(part)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep DVC from logging what is said in our own words."""
    log = logging.getLogger("dvc")
    was, log.disabled = log.disabled, True
    children = [
        logger
        for name, logger in logging.root.manager.loggerDict.items()
        if name.startswith("dvc.") and isinstance(logger, logging.Logger) and not logger.disabled
    ]
    for child in children:
        child.disabled = True
    try:
        yield
    finally:
        log.disabled = was
        for child in children:
            child.disabled = False
