"""Starts commands, one after the other, and says what each took.

Linux counts what a process had before it became another one to the other one's peak: so
what is measured is started from a process that is smaller than any of them. Commands
and answers are values of marshal, on the standard streams; see `commands.py`.
"""

from __future__ import annotations

import marshal
import os
import sys
import time


def main() -> None:
    while True:
        try:
            command, folder, environment, said = marshal.load(sys.stdin.buffer)
        except EOFError:
            return
        start = time.perf_counter()
        child = os.fork()
        if not child:
            _become(command, folder, environment, said)
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - start
        cpu = used.ru_utime + used.ru_stime
        code = os.waitstatus_to_exitcode(status)
        marshal.dump((seconds, cpu, used.ru_maxrss, code), sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _become(
    command: list[str], folder: str, environment: dict[str, str], said: str
) -> None:
    try:
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        errors = os.open(said, os.O_WRONLY)
        for stream, number in ((nothing, 0), (nothing, 1), (errors, 2)):
            os.dup2(stream, number)
        os.execvpe(command[0], command, environment)
    finally:
        os._exit(127)


if __name__ == "__main__":
    main()
