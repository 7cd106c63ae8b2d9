"""The systemd unit of the daemon: restarted when it fails, and with as few rights as it needs."""

import sys
from pathlib import Path

from npconsole.errors import UsageError

_UNIT = """\
[Unit]
Description=npconsole: watches, heals and alerts
Documentation=man:systemd.exec(5)
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
# A run that is under way ends in its own process, not with the daemon.
KillMode=process
TimeoutStopSec=15
Environment=XDG_STATE_HOME=%S XDG_CACHE_HOME=%C
StateDirectory=npconsole
StateDirectoryMode=0700
CacheDirectory=npconsole
LogsDirectory=npconsole
WorkingDirectory=%S/npconsole
UMask=0077
{user}NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
# Denied calls fail. Not @resources: prlimit64 is in it, by which every thread learns how large its stack may be.
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
AmbientCapabilities=
LimitCORE=0
MemoryMax=512M
TasksMax=256

[Install]
WantedBy={target}
"""


def unit_text(config: Path, *, as_user: bool, python: str = sys.executable) -> str:
    """A unit that runs this very npconsole on a configuration file. Raises UsageError for a path it cannot hold."""
    for path in (python, str(config)):
        if any(character in path for character in '"\\%\n\r') or not path.isprintable():
            raise UsageError(f"{path!r} cannot stand in a unit: it holds a quote, a backslash, % or a line end")
    return _UNIT.format(
        command=f'"{python}" -I -m npconsole --config "{config}" heal run --log %L/npconsole/autoheal.log',
        # A user's own manager has no other users to change to, and its home is where configuration and secrets are.
        user="" if as_user else "DynamicUser=yes\n",
        home="read-only" if as_user else "yes",
        target="default.target" if as_user else "multi-user.target",
    )
