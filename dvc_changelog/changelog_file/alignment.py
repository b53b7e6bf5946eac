"""A longest common subsequence of two sequences of words. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from difflib import SequenceMatcher

_FAR = 1000
"""The difference up to which the longest subsequence is sought: memory grows with its square."""


def pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Indices of equal elements, ascending on both sides; as many as can be, unless all is shuffled."""
    common = set(old) & set(new)
    # What the other side does not have cannot match. Without it the search only walks over moves and doubles.
    left = [index for index, word in enumerate(old) if word in common]
    right = [index for index, word in enumerate(new) if word in common]
    matched = _walk([old[i] for i in left], [new[i] for i in right])
    return [(left[i], right[j]) for i, j in matched]


def leftovers(old: Sequence[str], new: Sequence[str], matched: dict[int, int]) -> dict[int, int]:
    """`matched` (old index to new index) completed by equal elements that stand in another order."""
    taken = set(matched.values())
    free: defaultdict[str, deque[int]] = defaultdict(deque)
    for index, word in enumerate(new):
        if index not in taken:
            free[word].append(index)
    found = dict(matched)
    for index, word in enumerate(old):
        if index not in found and free[word]:
            found[index] = free[word].popleft()
    return found


def _walk(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Myers' greedy walk: the cost grows with the difference, not with the length."""
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for distance in range(min(len(old) + len(new), _FAR) + 1):
        history.append(dict(reach))
        for diagonal in range(-distance, distance + 1, 2):
            down = diagonal == -distance or (
                diagonal != distance and reach[diagonal - 1] < reach[diagonal + 1]
            )
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            while x < len(old) and 0 <= x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _back(history, len(old), len(new))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(i + k, j + k) for i, j, length in matcher.get_matching_blocks() for k in range(length)]


def _back(history: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """The matches on the way that reached (x, y), from the start."""
    matched: list[tuple[int, int]] = []
    for distance in range(len(history) - 1, -1, -1):
        reach = history[distance]
        diagonal = x - y
        down = diagonal == -distance or (diagonal != distance and reach[diagonal - 1] < reach[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start_x = reach[before]
        start_y = start_x - before
        while x > max(start_x, 0) and y > max(start_y, 0):
            x, y = x - 1, y - 1
            matched.append((x, y))
        x, y = start_x, start_y
    return matched[::-1]
