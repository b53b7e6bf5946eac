"""These tests run with Git isolated from the machine."""

from gitrepo import isolated, repo

__all__ = ["isolated", "repo"]
