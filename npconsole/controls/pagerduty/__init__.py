"""PagerDuty by its Events API v2: incidents under a stable key, and change events, which page nobody.

https://developer.pagerduty.com/docs/send-alert-event and https://developer.pagerduty.com/docs/send-change-event
"""

from npconsole.controls.pagerduty.channel import PagerDuty

__all__ = ["PagerDuty"]
