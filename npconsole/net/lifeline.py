"""A program that ends when the one who wants it ends: started by `npconsole.net.tied` as a script of its own.

`lifeline.py PROGRAM ARGUMENT...`. Descriptor 3 is the program's to write to; 4 is a pipe that closes when the starter
is gone, whatever ended it. Then the whole process group is interrupted, and killed three seconds later. What the
program does by itself, and what it is told by signals to the group, is not interfered with.
"""

import os
import select
import signal
import sys

OUTPUT, LIFELINE = 3, 4
GRACE_S = 3.0
MOST_DESCRIPTORS = 1 << 20
NOT_STARTED = 127
_OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: list[str]) -> int:
    """Run the program; its exit code, 128 and more for a signal as in a shell."""
    os.closerange(LIFELINE + 1, MOST_DESCRIPTORS)  # what our starter did not mean to pass on
    os.set_inheritable(LIFELINE, False)
    for number in _OURS:
        # A handler, unlike SIG_IGN, is not inherited by the program.
        signal.signal(number, lambda *_: None)
    try:
        pid = os.posix_spawn(argv[0], argv, os.environ, setsigdef=(*_OURS, signal.SIGPIPE))
    except OSError as error:
        sys.stderr.write(f"{argv[0]} cannot be started: {os.strerror(error.errno or 0)}\n")
        return NOT_STARTED
    for descriptor in (1, OUTPUT):
        os.close(descriptor)
    ended = os.pidfd_open(pid)
    ready, _, _ = select.select([LIFELINE, ended], [], [])
    if ended not in ready:
        os.killpg(0, signal.SIGINT)
        select.select([ended], [], [], GRACE_S)
        os.killpg(0, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
