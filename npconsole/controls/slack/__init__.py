"""Messages to Slack: by a bot, which keeps an incident in one thread, or by an incoming webhook, which cannot.

https://docs.slack.dev/reference/methods/chat.postMessage and
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from npconsole.controls.slack.bot import SlackAccess, SlackBot
from npconsole.controls.slack.webhook import SlackWebhook

__all__ = ["SlackAccess", "SlackBot", "SlackWebhook"]
