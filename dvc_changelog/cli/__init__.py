"""The command line: arguments in, text out, exit code. The only room that prints or exits."""

from dvc_changelog.cli.main import entry, main

__all__ = ["entry", "main"]
