"""Unresolved issues from Sentry's web API, version 0. Reading only; https://docs.sentry.io/api/events/"""

from npconsole.sources.sentry.client import SentryProject
from npconsole.sources.sentry.issues import SentryIssues

__all__ = ["SentryIssues", "SentryProject"]
