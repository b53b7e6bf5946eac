"""What came of a request that did not succeed: one value for all libraries, and the error for the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

from dvc_changelog.comments.forges import ANY_ADDRESS, TRAITS, needed
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token
from dvc_changelog.errors import ForgeError, NotPermittedError

T = TypeVar("T")
UNREACHED, MISUNDERSTOOD, MOVED = 0, -1, -2
LISTING, CREATING, UPDATING, NAMING = "listing", "creating", "updating", "naming"
_PASSING = frozenset({UNREACHED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT})
_FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.LOCKED})
_LONGEST = 300  # characters of an answer that are shown
_MANY = 100  # of a unit of time; more are told in the next larger one


class Failure(Exception):  # noqa: N818 (not an error yet: it may pass)
    """A request that failed.

    `status` is that of HTTP; UNREACHED where no answer came, MISUNDERSTOOD where one came that is none of
    the API, MOVED where one sends elsewhere what was to be written. `reason` is in the words of the forge or
    of the library, and may have the token in it.
    """

    def __init__(self, status: int, reason: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.doing = LISTING
        self.tries = 1
        self.wait = 0.0
        super().__init__(status)

    @property
    def limited(self) -> bool:
        """Whether the forge says that it was asked too often. GitHub may say so with a 403."""
        told = "retry-after" in self.headers or self.headers.get("x-ratelimit-remaining") == "0"
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or (
            self.status == HTTPStatus.FORBIDDEN and (told or "rate limit" in self.reason.lower())
        )

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in _PASSING or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.limited

    @property
    def forbidden(self) -> bool:
        """Whether it is for want of permission. Forges hide with a 404 what a token may not do."""
        if self.limited:
            return False
        return self.status in _FORBIDDEN or (self.status == HTTPStatus.NOT_FOUND and self.doing != LISTING)

    def asked(self, now: float) -> float:
        """The seconds that the forge asks to wait, at a time of the clock; 0 where it does not say."""
        after = self.headers.get("retry-after", "")
        with suppress(ValueError, TypeError, OverflowError):
            return max(
                0.0, float(after) if _figures(after) else parsedate_to_datetime(after).timestamp() - now
            )
        if not self.limited:
            return 0.0
        resets = (self.headers.get("x-ratelimit-reset", ""), self.headers.get("ratelimit-reset", ""))
        reset = next((float(value) for value in resets if _figures(value)), now)
        return max(0.0, reset - now)


def asking(doing: str, call: Callable[[], T], read: Callable[[Exception], Failure | None]) -> T:
    """What a call of a library returns.

    Args:
        doing: LISTING, CREATING, UPDATING or NAMING.
        call: what asks the forge.
        read: what an error of the library means; None where it is none of its own.

    Raises:
        Failure: for any error. No chain leads from it to what the library held: that has the token in it.
    """
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (given a page instead of an answer, a library raises anything)
        failure = read(error) or Failure(MISUNDERSTOOD, type(error).__name__)
    failure.doing = doing
    raise failure


def named(call: Callable[[], str], read: Callable[[Exception], Failure | None]) -> str:
    """Whose token it is, by a call of a library; "" where the forge does not answer that, as in CI's own.

    Raises:
        Failure: one that may pass.
    """
    try:
        return asking(NAMING, call, read)
    except Failure as failure:
        if failure.passing:
            raise
    return ""


def error_of(failure: Failure, place: Place, token: Token) -> ForgeError:
    """What a user is told, without the token."""
    traits = TRAITS[place.kind]
    answered = _answered(failure, token)
    variables = " or ".join(dict.fromkeys((ANY_ADDRESS, traits.address)))
    where = f"Is {place.api} its address? {variables} can say another one."
    tried = f", at {failure.tries} tries" if failure.tries > 1 else ""
    if failure.wait:
        return ForgeError(
            f"{traits.name} asks to wait {_long(failure.wait)}: {answered}",
            "Run again then. A token of your own has a limit of its own.",
        )
    if failure.forbidden:
        return NotPermittedError(
            f"The token of {token.variable} may not comment on {place}: {answered}", _permission(place, token)
        )
    if failure.status == UNREACHED:
        return ForgeError(f"{traits.name} cannot be reached{tried}: {answered}", where)
    if failure.status == MOVED:
        return ForgeError(
            f"{traits.name} answers that {place.repository} has moved (a redirect), and nothing was written",
            "It was renamed or transferred: put its new name into the URL of the Git remote "
            "(`git remote set-url`), and let CI run anew, which knows it then. "
            f"If {place.api} is not its address, {variables} can say another one.",
        )
    if failure.status == MISUNDERSTOOD:
        return ForgeError(f"What answers at {place.api} is not the API of {traits.name}", where)
    if failure.status == HTTPStatus.NOT_FOUND:
        return ForgeError(
            f"{traits.name} shows no {place}: {answered}",
            f"Is there one, and may the token of {token.variable} see it? {where}",
        )
    return ForgeError(
        f"{traits.name} did not take the comment on {place}{tried}: {answered}",
        "Run again later."
        if failure.passing
        else "What it names is what it did not like. Print the comment instead.",
    )


def _permission(place: Place, token: Token) -> str:
    takes = needed(place.kind, place.ci, token.variable)
    if place.fork:
        return f"The branch comes from a fork, whose runs get a token that only reads. Else it takes {takes}."
    return f"What it takes: {takes}."


def _answered(failure: Failure, token: Token) -> str:
    """The answer in one line that a terminal can show. The token goes first: half of one is one too."""
    said = token.hidden_in(failure.reason)
    said = "".join(letter for letter in " ".join(said.split()) if letter.isprintable())
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    return " ".join(part for part in (str(failure.status) if failure.status > 0 else "", said) if part)


def _long(seconds: float) -> str:
    if seconds < _MANY:
        return f"{seconds:.0f} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < _MANY else f"{minutes / 60:.1f} hours"


def _figures(text: str) -> bool:
    return text.isascii() and text.isdigit()
