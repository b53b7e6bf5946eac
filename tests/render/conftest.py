"""Where these tests need a repository, Git is isolated from the machine."""

from gitrepo import isolated, repo

__all__ = ["isolated", "repo"]
