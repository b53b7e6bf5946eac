"""What is asked of a forge, whichever it is, and the library that asks it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Protocol

from dvc_changelog.comments.failure import UNREACHED, Failure
from dvc_changelog.comments.forges import TRAITS
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ForgeError


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a pull request. The smaller `id` is the older one; `url` is where a person reads it.

    `author` is the name of an account, "" where the forge does not say it. `by_machine` says that nobody
    writes with that account by hand: it is one of the forge's CI, or of a token.
    """

    id: int
    text: str
    url: str
    author: str = ""
    by_machine: bool = False


class Client(Protocol):
    """One pull request. Each method asks the forge, once a page, and raises `Failure`.

    `is_machine` says that the token is known to be a machine's, without a question.
    """

    is_machine: bool

    def comments(self) -> list[Comment]:
        """All that people and tools wrote: no deleted ones, and no lines of the forge's own."""

    def create(self, text: str) -> Comment:
        """Write a new one."""

    def update(self, comment: Comment, text: str) -> Comment:
        """Replace the text of one."""

    def me(self) -> str:
        """Whose token it is, as `Comment.author` has it; "" where the forge does not tell this token."""


def opened(place: Place, token: Token, timeout: float) -> Client:
    """The client of a place. Nothing is asked yet.

    Args:
        place: which pull request.
        token: what to ask with.
        timeout: the seconds that one request may take to be answered.

    Raises:
        ForgeError: the library for this forge is not installed.
    """
    return _OPENERS[place.kind](place, token, timeout)


def _github(place: Place, token: Token, timeout: float) -> Client:
    with _installed(place):
        from dvc_changelog.comments.of_github import GitHub
    return GitHub(place, token, timeout)


def _gitlab(place: Place, token: Token, timeout: float) -> Client:
    with _installed(place):
        from dvc_changelog.comments.of_gitlab import GitLab
    return GitLab(place, token, timeout)


def _gitea(place: Place, token: Token, timeout: float) -> Client:
    with _installed(place):
        from dvc_changelog.comments.of_gitea import Gitea
    return Gitea(place, token, timeout)


def _bitbucket(place: Place, token: Token, timeout: float) -> Client:
    with _installed(place):
        from dvc_changelog.comments.of_bitbucket import Bitbucket
    return Bitbucket(place, token, timeout)


_OPENERS: Mapping[str, Callable[[Place, Token, float], Client]] = MappingProxyType(
    {"github": _github, "gitlab": _gitlab, "gitea": _gitea, "bitbucket": _bitbucket}
)


@contextmanager
def _installed(place: Place) -> Iterator[None]:
    traits = TRAITS[place.kind]
    try:
        yield
    except ImportError as error:
        raise ForgeError(
            f"The library that comments on {traits.name} is not installed ({error})",
            f"Install it with `pip install 'dvc-changelog[{traits.extra}]'`.",
        ) from None


@contextmanager
def silenced() -> Iterator[None]:
    """Keeps the libraries' logs quiet: they have what a server answers, and that may be the token."""
    loggers = [
        logging.getLogger(name) for name in ("atlassian", "github", "gitlab", "httpcore", "httpx", "urllib3")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def unanswered(error: BaseException) -> Failure:
    """That no answer came, in the words of the innermost cause."""
    seen: list[BaseException] = []
    while error not in seen:
        seen.append(error)
        inner = getattr(error, "reason", None), *error.args[:1], error.__cause__, error.__context__
        error = next((cause for cause in inner if isinstance(cause, BaseException)), error)
    told = getattr(error, "strerror", None) or str(error).rpartition("object at 0x")[2].partition(">: ")[2]
    return Failure(UNREACHED, told or str(error) or type(error).__name__)
