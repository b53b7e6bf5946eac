"""A backend of Hypothesis with which every example is drawn anew.

Its own backend tries each example after the tenth five times more with one part of it copied over another: of
forty releases some fifteen are drawn, and the others are those again but for a name. Where an example is as
large as a release, what a mutation costs is better spent on another release.
"""

from __future__ import annotations

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

NAME = "fresh"


class Fresh(HypothesisProvider):
    """The choices are those of Hypothesis; that it has another name is what turns mutation off."""


AVAILABLE_PROVIDERS[NAME] = f"{__name__}.{Fresh.__name__}"
