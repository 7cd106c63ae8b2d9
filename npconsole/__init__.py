"""npconsole: the on-call console of a multi-region web service."""

__version__ = "0.1.0"
