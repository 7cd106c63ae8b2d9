"""A PagerDuty in small: one service that takes events of version 2 and change events."""
