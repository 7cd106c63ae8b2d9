"""A Slack in small: one workspace with one channel, its incoming webhook, and the Web API that a bot posts by."""
