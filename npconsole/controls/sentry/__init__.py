"""Sentry's issues, one at a time, by its web API of version 0. https://docs.sentry.io/api/events/update-an-issue/"""

from npconsole.controls.sentry.api import SentryAccess, SentryApi
from npconsole.controls.sentry.credential import SentryCredential
from npconsole.controls.sentry.issues import SentryIssueControl

__all__ = ["SentryAccess", "SentryApi", "SentryCredential", "SentryIssueControl"]
