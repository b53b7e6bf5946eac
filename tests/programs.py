"""`dvc` and `dvc-changelog` as programs that start at once: forks of a process that imported what they need.

Of the half second that a command of DVC takes, most goes into importing it. Where many commands are run and
their start is not looked at, a test asks for the fixture `programs`. What it puts first in PATH has the
arguments, the directory, the environment and the channels it is given, and an exit code, as any program.

python programs.py SOCKET     # serves until its stdin ends
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import select
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

PROGRAMS = {"dvc": ("dvc.cli", "main"), "dvc-changelog": ("dvc_changelog.cli", "entry")}
"""A program's name, and the function that it is."""
NEEDED = (
    *("dvc._debug", "dvc.cachemgr", "dvc.cli", "dvc.cli.parser", "dvc.daemon", "dvc.data_cloud"),
    *("dvc.dependency", "dvc.dirs", "dvc.fs.dvc", "dvc.lock", "dvc.repo", "dvc.repo.get", "dvc.repo.index"),
    *("dvc.repo.plots", "dvc.repo.reproduce", "dvc.rwlock", "dvc.scm", "dvc.stage.cache", "dvc.stage.run"),
    *("dvc_data.hashfile.checkout", "dvc_data.index.checkout", "dvc_data.index.fetch", "dvc_data.index.push"),
    *("deepdiff", "flatten_dict", "git", "jinja2", "packaging.version", "psutil", "ruamel.yaml", "yaml"),
    *("rich.console", "rich.markdown", "rich.table", "scmrepo.git"),
    *("dvc_changelog.cli.app", "dvc_changelog.cli.commands", "dvc_changelog.cli.releasing"),
    *("dvc_changelog.cli.reviewing", "dvc_changelog.cli.tracing", "dvc_changelog.cli.versions"),
    *("dvc_changelog.render.comment.document", "dvc_changelog.render.trace", "dvc_changelog.workflows.trace"),
)
"""What is imported beforehand; pygit2 is not, for it looks at the environment as it is imported."""
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
told = json.dumps([{name!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]) + "\\n"
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    socket.send_fds(line, [told.encode("utf-8", "surrogateescape")], [0, 1, 2])
    sys.exit(int(line.recv(16)))
"""


@contextlib.contextmanager
def served(place: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """A directory of programs, which are there as long as this is open.

    in: an empty directory, the environment in which they import
    """
    address = place / "socket"
    for name in PROGRAMS:
        client = place / "bin" / name
        client.parent.mkdir(exist_ok=True)
        client.write_text(CLIENT.format(python=sys.executable, name=name, address=str(address)))
        client.chmod(0o755)
    command = [sys.executable, __file__, str(address)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env={**environment}) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        yield place / "bin"
        server.communicate()


def path_with(place: Path) -> str:
    """The variable PATH with these programs first, and then those of the Python we run on."""
    return os.pathsep.join([str(place), str(Path(sys.executable).parent), os.environ["PATH"]])


def main(address: str) -> None:
    """Serve until stdin ends."""
    for name in NEEDED:
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print("ready", flush=True)  # noqa: T201  # who started it waits for that
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            line, _ = door.accept()
            if not os.fork():
                door.close()
                _answer(line)
            line.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(line: socket.socket) -> NoReturn:
    """Run what is asked for in a process of its own, and tell how it ended."""
    said, channels, *_ = socket.recv_fds(line, 1 << 16, 3)
    while not said.endswith(b"\n"):
        said += line.recv(1 << 16)
    name, arguments, directory, environment = json.loads(said.decode("utf-8", "surrogateescape"))
    pid = os.fork()
    if not pid:
        line.close()
        for number, channel in enumerate(channels):
            os.dup2(channel, number)
            os.close(channel)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = [name, *arguments]
        _run(*PROGRAMS[name])
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    line.sendall(str(status if status >= 0 else 128 - status).encode())
    os._exit(0)


def _run(module: str, function: str) -> NoReturn:
    """Be the program, to the end of the process."""
    sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
    status: object = 1
    try:
        status = getattr(importlib.import_module(module), function)()
    except SystemExit as ended:
        status = ended.code
    except BaseException:  # noqa: BLE001  # as Python does with what nobody catches
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    main(*sys.argv[1:])
