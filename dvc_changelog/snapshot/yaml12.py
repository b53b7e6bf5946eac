"""YAML 1.2 as DVC reads it (ruamel.yaml's safe loader), at the speed of PyYAML's C parser.

PyYAML scans and composes; what a plain scalar means, and what the nodes become, is said here. It knows
nothing of DVC's files. Where it does not follow DVC to the letter is listed at `load`.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from itertools import chain
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dvc_changelog.snapshot.unreadable import UnreadableError, check_conflict, decoded

MAX_DEPTH = 300
"""How deep a document may nest. DVC gives up before 500; far beyond, PyYAML would overflow the C stack."""

MAX_NODES = 1_000_000
"""How many values a document may stand for, once its aliases are written out."""

_CORE = "tag:yaml.org,2002:"
_STR, _SEQ, _MAP, _MERGE, _VALUE = (_CORE + name for name in ("str", "seq", "map", "merge", "value"))

_PLAIN = re.compile(
    r"""(?:(?P<bool>true|True|TRUE|false|False|FALSE)
    |(?P<float>[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
        |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
        |[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?
        |[-+]?\.(?:inf|Inf|INF)
        |\.(?:nan|NaN|NAN))
    |(?P<int>[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)
    |(?P<merge><<)
    |(?P<null>~|null|Null|NULL|)
    |(?P<value>=))\Z""",
    re.VERBOSE,
)
_STARTS = frozenset("tTfF-+.0123456789<~nN=")  # as ruamel.yaml's resolver.py says; anything else is a string

_DIRECTIVE = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\n)*%YAML[ \t]+1\.[01]\b")
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_BOOLS = dict.fromkeys(("yes", "y", "true", "on"), True) | dict.fromkeys(("no", "n", "false", "off"), False)
_BASES = {"0b": 2, "0x": 16, "0o": 8}


class _Rules:
    """What both loaders share: the implicit types of YAML 1.2, and a limit to nesting."""

    depth = 0

    def resolve(self, kind: type[Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        """The tag of a node that has none. `value` is None for a collection."""
        if kind is ScalarNode and value is not None:
            if not implicit[0] or (value and value[0] not in _STARTS):
                return _STR
            found = _PLAIN.match(value)
            return f"{_CORE}{found.lastgroup}" if found else _STR
        return _SEQ if kind is SequenceNode else _MAP

    def descend_resolver(self, _node: Node | None, _index: object) -> None:
        """PyYAML's composers call this on the way into every node."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError(_TOO_DEEP)

    def ascend_resolver(self) -> None:
        """PyYAML's composers call this on the way out of every node."""
        self.depth -= 1


class _Loader(_Rules, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The fast way: libyaml's parser, where PyYAML was built with it."""


class _PureLoader(_Rules, yaml.SafeLoader):
    """The slow way, for documents that define an anchor twice: the last one holds."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """The next node, having forgotten the anchor's earlier meaning."""
        if not self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)


def load(data: bytes) -> Any:
    """The value of a YAML file, equal in value and type to what `dvc.utils.serialize.parse_yaml` returns.

    An empty, null or otherwise false document is `{}`, as in DVC. Nothing is executed. The exceptions:

    - a timestamp stays the string that a person wrote (DVC gets a date, and fails on it further on);
    - a tab after a key's colon, or behind a value, is read (DVC refuses it);
    - unreadable is what contains itself, stands for more than a million values, nests more than 300 levels,
      breaks lines with U+0085, declares `%YAML 1.1`, uses `!!omap` or `!!pairs`, has a bare key that is empty
      or starts with a colon, a bare `?` within brackets, or is a single block of text without indentation.

    Raises UnreadableError with a reason that names the line.
    """
    return document(data) or {}


def document(data: bytes) -> Any:
    """As `load`, but what counts as false stays what it is: 0, false, None."""
    text = decoded(data)
    check_conflict(text)
    if "%YAML" in text and _DIRECTIVE.match(text):
        raise UnreadableError("declares %YAML 1.1, whose rules for plain values are not those of YAML 1.2")
    try:
        return _read(text)
    except yaml.YAMLError as error:
        raise UnreadableError(_reason(error, text)) from error
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error


def _read(text: str) -> Any:
    aliases = "&" in text and "*" in text
    try:
        node = _compose(_Loader, text)
    except yaml.composer.ComposerError as error:
        if not (error.context or "").startswith("found duplicate anchor"):
            raise
        node = _compose(_PureLoader, text)
    if node is None:
        return None
    if aliases:
        _weigh(node, {})
    return _Builder({} if aliases else None).build(node)


def _compose(kind: Any, text: str) -> Node | None:
    node: Node | None = kind(text).get_single_node()
    return node


def _weigh(node: Node, seen: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many values the node stands for, and how deep; `seen` holds zeros while a node is being weighed."""
    if isinstance(node, ScalarNode):
        return 1, 1
    known = seen.get(id(node))
    if known is not None:
        if not known[0]:
            raise UnreadableError(f"the anchor at line {_line(node)} contains itself")
        return known
    seen[id(node)] = 0, 0
    weight = depth = 1
    for child in node.value if isinstance(node, SequenceNode) else chain.from_iterable(node.value):
        below = _weigh(child, seen)
        weight, depth = weight + below[0], max(depth, below[1] + 1)
        if weight > MAX_NODES:
            raise UnreadableError(f"its aliases stand for more than {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise UnreadableError(_TOO_DEEP)
    seen[id(node)] = weight, depth
    return weight, depth


class _Builder:
    """Nodes to values. `memo` keeps what an alias may name again; None where a document has no alias."""

    def __init__(self, memo: dict[int, Any] | None) -> None:
        self.memo = memo

    def build(self, node: Node) -> Any:
        tag = node.tag
        if tag == _STR and isinstance(node, ScalarNode):
            return node.value
        if self.memo is not None and id(node) in self.memo:
            return self.memo[id(node)]
        if tag not in _BUILDERS:
            if tag in {_MERGE, _VALUE}:
                raise UnreadableError(
                    f"not valid YAML: line {_line(node)}: {node.value!r} where a value belongs"
                )
            raise UnreadableError(f"not valid YAML: line {_line(node)}: unknown tag {_short(tag)}")
        kind, construct = _BUILDERS[tag]
        if not isinstance(node, kind):
            raise UnreadableError(
                f"not valid YAML: line {_line(node)}: {_short(tag)} does not fit what follows it"
            )
        try:
            value = construct(self, node)
        except (UnreadableError, RecursionError):
            raise
        except (ValueError, LookupError, OverflowError) as error:
            raise UnreadableError(
                f"not valid YAML: line {_line(node)}: {_clip(node.value)} is no {_short(tag).lstrip('!')}"
            ) from error
        if self.memo is not None:
            self.memo[id(node)] = value
        return value

    def sequence(self, node: Node) -> list[Any]:
        return [self.build(child) for child in node.value]

    def mapping(self, node: Node) -> dict[Any, Any]:
        """Merged keys come first and yield to the own ones. As in ruamel, duplicates pass beside a merge."""
        merged, own = self._pairs(node)
        result: dict[Any, Any] = {}
        for key_node, value_node in merged:
            result[self._key(key_node)] = self.build(value_node)
        for key_node, value_node in own:
            key = self._key(key_node)
            if not merged and key in result:
                raise UnreadableError(f"duplicate key {_clip(key_node.value)} at line {_line(key_node)}")
            result[key] = self.build(value_node)
        return result

    def _key(self, node: Node) -> Any:
        if node.tag == _VALUE:
            return node.value
        key = self.build(node)
        if isinstance(key, list):
            key = tuple(key)
        try:
            hash(key)
        except TypeError as error:
            raise UnreadableError(f"not valid YAML: line {_line(node)}: a mapping cannot be a key") from error
        return key

    def _pairs(self, node: Node) -> tuple[list[tuple[Node, Node]], list[tuple[Node, Node]]]:
        """The pairs that `<<` brings, later ones winning, and the node's own."""
        merges = [pair for pair in node.value if pair[0].tag == _MERGE]
        if not merges:
            return [], node.value
        if len(merges) > 1:
            raise UnreadableError(f"duplicate key '<<' at line {_line(merges[1][0])}")
        source = merges[0][1]
        sources = source.value[::-1] if isinstance(source, SequenceNode) else [source]
        merged: list[tuple[Node, Node]] = []
        for source in sources:
            if not isinstance(source, MappingNode):
                raise UnreadableError(f"not valid YAML: line {_line(source)}: '<<' takes a mapping")
            for part in self._pairs(source):
                merged.extend(part)
        return merged, [pair for pair in node.value if pair[0].tag != _MERGE]


def _integer(node: Node) -> int:
    text = node.value.replace("_", "")
    sign = -1 if text[0] == "-" else 1
    digits = text[1:] if text[0] in "+-" else text
    base = _BASES.get(digits[:2])
    return sign * (int(digits[2:], base) if base else int(digits))


def _number(node: Node) -> float:
    text = node.value.replace("_", "").lower()
    sign = -1 if text[0] == "-" else 1
    digits = text[1:] if text[0] in "+-" else text
    if digits == ".inf":
        return sign * math.inf
    return math.nan if digits == ".nan" else sign * float(digits)


_BUILDERS: dict[str, tuple[type[Node], Callable[[_Builder, Any], Any]]] = {
    _CORE + "str": (ScalarNode, lambda _, node: node.value),
    _CORE + "null": (ScalarNode, lambda *_: None),
    _CORE + "bool": (ScalarNode, lambda _, node: _BOOLS[node.value.lower()]),
    _CORE + "int": (ScalarNode, lambda _, node: _integer(node)),
    _CORE + "float": (ScalarNode, lambda _, node: _number(node)),
    _CORE + "binary": (ScalarNode, lambda _, node: base64.decodebytes(node.value.encode("ascii"))),
    _CORE + "timestamp": (ScalarNode, lambda _, node: node.value),
    _CORE + "seq": (SequenceNode, _Builder.sequence),
    _CORE + "map": (MappingNode, _Builder.mapping),
    _CORE + "set": (MappingNode, lambda builder, node: set(builder.mapping(node))),
}


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _short(tag: str) -> str:
    return "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag


def _clip(value: object) -> str:
    shown = repr(value if isinstance(value, str) else "…")
    return shown if len(shown) <= 60 else shown[:59] + "…"  # noqa: PLR2004  # as much as one line of a report bears


def _reason(error: yaml.YAMLError, text: str) -> str:
    """One sentence on what PyYAML objected to, and where."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.encode(errors="replace").count(b"\n", 0, error.position) + 1
        return f"not valid YAML: line {line}: {error.reason}"
    if isinstance(error, yaml.MarkedYAMLError):
        if error.problem == "but found another document":
            return "several YAML documents in one file"
        if "nesting depth" in (error.problem or ""):  # newer libyaml has a limit of its own to brackets
            return _TOO_DEEP
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        return f"not valid YAML: {where}{error.problem or error.context}"
    return "not valid YAML"
