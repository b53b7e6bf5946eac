"""The options of reviews and checks, for `settings`: a part of `Config`, apart for its length."""

from __future__ import annotations

from dataclasses import field

from dvc_changelog.config import check
from dvc_changelog.config.option import Kind, about
from dvc_changelog.config.versions import VersionOptions
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions(VersionOptions):
    """What a branch is compared with, and what makes its review fail; with the options of versions."""

    target: str = field(
        default="",
        metadata=about(
            Kind.TEXT,
            "The branch that others are merged into, which a review compares with. "
            "Empty: as CI says, else the default branch of the Git remote.",
            'target = "develop"',
        ),
    )
    fail_on: tuple[str, ...] = field(
        default=(),
        metadata=about(
            Kind.LIST,
            f"What makes `review` and `check` fail, with exit code 3: {', '.join(check.FAIL_ON)}; "
            "`none` for nothing. Empty: for `review` a threshold, for `check` all but a regression.",
            'fail-on = ["threshold", "undocumented"]',
            check.fail_on,
        ),
    )
