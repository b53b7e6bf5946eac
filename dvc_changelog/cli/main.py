"""The entry point: errors become one message and an exit code, never a traceback."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys

_FAILED = 1
_INTERRUPTED = 130
_UNREAD = 141
"""As the shell reports a program that SIGPIPE ended."""
_TERMINATED = 143
"""As the shell reports a program that SIGTERM ended."""
_VERSION_FLAGS = ({"--version"}, {"-V"})


def entry() -> None:
    """The console script: `main`, ended at once.

    A long history leaves millions of values, and the interpreter would spend a tenth of the run on giving
    them back one by one; the system takes them all back anyway.
    """
    code: object = _FAILED
    try:
        signal.signal(signal.SIGTERM, _terminated)
        main()
    except SystemExit as ended:
        code = ended.code
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else _FAILED)


def _terminated(number: int, _frame: object) -> None:
    """Leave as on Ctrl-C, so that temporary directories go; a second signal does not disturb that."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(_TERMINATED)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 usage, 3 a check failed."""
    if set(sys.argv[1:]) in _VERSION_FLAGS:  # answered before any import: it is asked often, by scripts
        from dvc_changelog import __version__

        sys.stdout.write(f"dvc-changelog {__version__}\n")
        sys.exit(0)
    # A run makes many small values and keeps them to its end: collecting garbage in between finds none,
    # and takes half the time of parsing YAML.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no arrows gets question marks
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # while this was still being imported, or a second time
        sys.exit(_INTERRUPTED)


def _run() -> int:
    from dvc_changelog.cli.console import UnreadError, complain
    from dvc_changelog.errors import ChangelogError

    try:
        from dvc_changelog.cli.app import app
        from dvc_changelog.cli.command import only

        code = only(app, next(iter(sys.argv[1:]), ""))(standalone_mode=False)
    except ChangelogError as error:
        complain(error.what, error.remedy)
        return error.exit_code
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except UnreadError:
        return _UNREAD
    except Exception as error:  # noqa: BLE001  # a traceback is never shown, a defect is said in a line
        return _other(error)
    if code == _INTERRUPTED:
        complain("Interrupted; nothing was written.")
    return code if isinstance(code, int) else 0


def _other(error: Exception) -> int:
    """Typer's own errors show themselves; anything else is a defect of ours, said in one line."""
    import typer

    from dvc_changelog.cli.console import complain

    usage_error = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, typer.Abort):
        complain("Interrupted; nothing was written.")
        return _INTERRUPTED
    if isinstance(error, usage_error):
        error.show()  # type: ignore[attr-defined]  # the class is Click's, wherever Typer keeps it
        return int(error.exit_code)  # type: ignore[attr-defined]
    if os.environ.get("DVC_CHANGELOG_DEBUG"):
        raise error
    if isinstance(error, FileNotFoundError) and not error.filename:  # of `getcwd`
        complain("The current directory is not there any more", "Change to one that is, and run this again.")
        return _FAILED
    if isinstance(error, MemoryError | RecursionError | OSError):
        complain(f"{type(error).__name__}: {error}")
        return _FAILED
    complain(
        f"Something unforeseen happened, a defect of dvc-changelog: {type(error).__name__}: {error}",
        "Run again with DVC_CHANGELOG_DEBUG=1 to see where, and please report it.",
    )
    return _FAILED
