"""Landing a release: its commit, its tag and its files, all at once or not at all.

`prepare` makes the objects and touches nothing that one sees. `land` makes them seen, in a process of its own
that no kill of ours ends. `recover` ends what a power loss left of one. `push` is the one place of
`history` that sends.
"""

from dvc_changelog.history.landing.land import land, recover
from dvc_changelog.history.landing.prepare import check, draft, prepare
from dvc_changelog.history.landing.push import push, remote_for
from dvc_changelog.history.landing.value import Ending, Landing, Recovered

__all__ = [
    "Ending",
    "Landing",
    "Recovered",
    "check",
    "draft",
    "land",
    "prepare",
    "push",
    "recover",
    "remote_for",
]
