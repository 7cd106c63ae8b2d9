"""k6 as the load engine, and readers for files that k6 has written elsewhere. https://grafana.com/docs/k6/latest/"""

from npconsole.controls.k6.engine import K6Engine
from npconsole.controls.k6.settings import Call, Cloud, RemoteWrite, Settings

__all__ = ["Call", "Cloud", "K6Engine", "RemoteWrite", "Settings"]
