"""How long a forge is waited for, by a clock that is handed in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.comments.failure import Failure, error_of
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token

NOW = 1_764_320_000.0
PLACE = Place("github", "https://api.github.com", "team/models", 12)


@dataclass
class Clock:
    """A clock that only sleeping and asking move."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def patience(self, total: float = 60.0, tries: int = 6) -> Patience:
        return Patience(
            total, tries=tries, sleep=self.sleep, clock=lambda: self.at, now=lambda: NOW + self.at
        )


def failing(clock: Clock, failure: Failure, took: float, patience: Patience) -> Failure:
    def attempt() -> None:
        clock.at += took
        raise failure

    with pytest.raises(Failure) as raised:
        patience.until_done(attempt)
    return raised.value


def test_pauses_double() -> None:
    clock = Clock()
    failure = failing(clock, Failure(502), 0, clock.patience())
    assert clock.slept == [1, 2, 4, 8, 16]
    assert failure.tries == 6


def test_what_does_not_pass_is_not_tried_again() -> None:
    clock = Clock()
    assert failing(clock, Failure(422), 0, clock.patience()).tries == 1


@given(
    st.lists(st.sampled_from([0, 500, 503, 429]), min_size=1, max_size=20),
    st.floats(0, 30),
    st.integers(0, 90),
)
def test_no_wait_goes_beyond_the_total(statuses: list[int], took: float, after: int) -> None:
    clock, ends = Clock(), iter(statuses)
    started: list[float] = []

    def attempt() -> str:
        started.append(clock.at)
        clock.at += took
        status = next(ends, None)
        if status is None:
            return "done"
        raise Failure(status, headers={"Retry-After": str(after)})

    patience = clock.patience(tries=50)
    with suppress(Failure):
        assert patience.until_done(attempt) == "done"
    assert max(started) <= patience.total
    assert all(slept >= after for slept in clock.slept)


ASKED = [
    (Failure(429, headers={"Retry-After": "5"}), 5),
    (Failure(503, headers={"retry-after": "Fri, 28 Nov 2025 08:53:30 GMT"}), 10),
    (Failure(429, headers={"Retry-After": "-5"}), 0),
    (Failure(429, headers={"Retry-After": "soon"}), 0),
    (Failure(429, headers={"Retry-After": "²"}), 0),
    (Failure(429, headers={"RateLimit-Reset": str(int(NOW) + 30)}), 30),
    (Failure(403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 9)}), 9),
    (Failure(429, headers={"X-RateLimit-Reset": "12"}), 0),
    (Failure(502, headers={"X-RateLimit-Reset": str(int(NOW) + 3000)}), 0),
    (Failure(429), 0),
]


@pytest.mark.parametrize(("failure", "expected"), ASKED)
def test_what_a_forge_asks_for_is_waited_for(failure: Failure, expected: float) -> None:
    assert failure.asked(NOW) == expected


@pytest.mark.parametrize(
    ("status", "reason", "headers", "limited"),
    [
        (403, "Resource not accessible by integration", {"X-RateLimit-Remaining": "4999"}, False),
        (403, "You have exceeded a secondary rate limit", {}, True),
        (403, "", {"Retry-After": "60"}, True),
        (429, "", {}, True),
        (404, "rate limit", {}, False),
    ],
)
def test_a_limit_is_told_from_a_want_of_permission(
    status: int, reason: str, headers: dict[str, str], limited: bool
) -> None:
    failure = Failure(status, reason, headers)
    assert (failure.limited, failure.passing) == (limited, limited)
    assert failure.forbidden == (status == 403 and not limited)


@pytest.mark.parametrize(
    ("seconds", "said"), [(61, "61 seconds"), (1020, "17 minutes"), (5400, "90 minutes"), (7200, "2.0 hours")]
)
def test_a_long_wait_is_told_in_words(seconds: float, said: str) -> None:
    failure = Failure(429, "API rate limit exceeded")
    failure.wait = seconds
    assert f"asks to wait {said}: 429 API rate limit exceeded" in str(
        error_of(failure, PLACE, Token("T", "s"))
    )


def test_an_answer_is_shown_in_one_line_and_not_at_length() -> None:
    failure = Failure(422, "Validation\n\x1b[31mFailed " + "x" * 999)
    (first, _) = str(error_of(failure, PLACE, Token("T", "s"))).splitlines()
    assert first.startswith(
        "GitHub did not take the comment on pull request 12 of team/models: 422 Validation"
    )
    assert "\x1b" not in first
    assert len(first) < 400
