"""Which commits belong to which release: set arithmetic on the graph of commits. Pure.

The law: a release's commits are those reachable from its tag and from no earlier release of its line that it
contains, `git rev-list TAG --not EARLIER...`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from dvc_changelog.domain import Commit

T = TypeVar("T", bound=Hashable)


class _Comparable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


class Graph:
    """Commits, children before parents, and for some marked ones who contains whom.

    Sets of marked commits are integers with one bit each: on ten thousand commits with five hundred tags all
    of it takes milliseconds.

    Args:
        commits: in topological order, children first, as `git log --topo-order` gives them.
        marked: ids of the commits asked about; those not among `commits` are ignored.
    """

    def __init__(self, commits: Sequence[Commit], marked: Iterable[str]) -> None:
        self.commits = commits
        self._at = {commit.id: at for at, commit in enumerate(commits)}
        # The oldest has the lowest bit, so that the highest bit of a set is contained in no other of it.
        known = {name for name in marked if name in self._at}
        self._marked = sorted(known, key=self._at.__getitem__, reverse=True)
        self._bit = {name: 1 << bit for bit, name in enumerate(self._marked)}
        self._contains = self._ancestors()
        self._reached_by = self._descendants()

    def __contains__(self, commit_id: str) -> bool:
        return commit_id in self._at

    def commit(self, commit_id: str) -> Commit:
        """The commit of this id. KeyError if it is not in the graph."""
        return self.commits[self._at[commit_id]]

    def contains(self, descendant: str, ancestor: str) -> bool:
        """Whether the marked commit `ancestor` is reachable from `descendant`. A commit contains itself."""
        return bool(self._contains[self._at[descendant]] & self._bit[ancestor])

    def reaches(self, marked: str, commit_id: str) -> bool:
        """Whether any commit is reachable from the marked one (which reaches itself)."""
        return bool(self._reached_by[self._at[commit_id]] & self._bit[marked])

    def marks(self, names: Iterable[str]) -> int:
        """A set of marked commits, to be asked about more than once."""
        mask = 0
        for name in names:
            mask |= self._bit.get(name, 0)
        return mask

    def nearest(self, head: str, among: int) -> list[str]:
        """The commits of `among` that `head` contains and that none other of them contains; never itself."""
        mask = among & self._contains[self._at[head]] & ~self._bit.get(head, 0)
        found = []
        while mask:
            name = self._marked[mask.bit_length() - 1]
            found.append(name)
            mask &= ~self._contains[self._at[name]]
        return found

    def own(self, head: str, earlier: int) -> list[Commit]:
        """The commits reachable from `head` and from none of the set `earlier`, in the graph's order."""
        found: list[int] = []
        queue, seen = [self._at[head]], set[int]()
        while queue:
            at = queue.pop()
            if at in seen or self._reached_by[at] & earlier:
                continue
            seen.add(at)
            found.append(at)
            queue.extend(self._at[p] for p in self.commits[at].parents if p in self._at)
        return [self.commits[at] for at in sorted(found)]

    def fork(self, head: str, among: int) -> str:
        """The newest commit that both `head` and one of the set `among` contain; "" if there is none."""
        found: list[int] = []
        queue, seen = [self._at[head]], set[int]()
        while queue:
            at = queue.pop()
            if at in seen:
                continue
            seen.add(at)
            if self._reached_by[at] & among:
                found.append(at)
            else:
                queue.extend(self._at[p] for p in self.commits[at].parents if p in self._at)
        return self.commits[min(found)].id if found else ""

    def _ancestors(self) -> list[int]:
        masks = [0] * len(self.commits)
        for at in range(len(self.commits) - 1, -1, -1):
            mask = self._bit.get(self.commits[at].id, 0)
            for parent in self.commits[at].parents:
                if parent in self._at:
                    mask |= masks[self._at[parent]]
            masks[at] = mask
        return masks

    def _descendants(self) -> list[int]:
        masks = [0] * len(self.commits)
        for at, commit in enumerate(self.commits):
            masks[at] |= self._bit.get(commit.id, 0)
            for parent in commit.parents:
                if parent in self._at:
                    masks[self._at[parent]] |= masks[at]
        return masks


def ordered(
    items: Iterable[T],
    before: Mapping[T, Iterable[T]],
    key: Callable[[T], _Comparable],
    wished: Mapping[T, Iterable[T]] | None = None,
) -> list[T]:
    """Sort `items` so that all of `before[x]` come before x; where that leaves a choice, the smallest `key`.

    What `before` asks for must not run in a circle. `wished` may, in itself or with `before`: it is kept
    to as far as it can be.
    """
    serial = {item: n for n, item in enumerate(items)}
    needs = {item: _others(before, item, serial) for item in serial}
    wishes = {item: _others(wished or {}, item, serial) for item in serial}
    followers: dict[T, list[T]] = {item: [] for item in serial}
    for item in serial:
        for other in needs[item] | wishes[item]:
            followers[other].append(item)
    ready = [(key(item), serial[item], item) for item in serial if not needs[item] and not wishes[item]]
    heapq.heapify(ready)
    result: list[T] = []
    while needs:
        if ready:
            item = heapq.heappop(ready)[2]
        else:  # the wishes run in a circle: the smallest of those that nothing else holds back breaks it
            item = min((i for i, needed in needs.items() if not needed), key=lambda i: (key(i), serial[i]))
        del needs[item]
        result.append(item)
        for follower in followers[item]:
            if follower in needs:
                needs[follower].discard(item)
                wishes[follower].discard(item)
                if not needs[follower] and not wishes[follower]:
                    heapq.heappush(ready, (key(follower), serial[follower], follower))
    return result


def _others(asked: Mapping[T, Iterable[T]], item: T, known: Container[T]) -> set[T]:
    return {other for other in asked.get(item, ()) if other in known and other != item}
