"""These tests run the command line in a small DVC repository, with Git isolated from the machine."""

from clirun import project, run
from gitrepo import isolated, repo

__all__ = ["isolated", "project", "repo", "run"]
