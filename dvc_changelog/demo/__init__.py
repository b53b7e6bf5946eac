"""A small but real DVC repository with a history, to see the tool at work.

Knows the real `git` and `dvc` as commands, and nothing of how the changelog of what it builds is made.
"""

from __future__ import annotations

from dvc_changelog.demo.build import build

__all__ = ["build"]
