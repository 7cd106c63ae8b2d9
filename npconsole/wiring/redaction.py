"""What this process must never show."""

from npconsole.net.redact import Redactor

redactor = Redactor()
"""Knows every secret that this process has resolved; logs, crash files and messages pass through it."""
