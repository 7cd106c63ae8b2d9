"""A Sentry in small: takes what real SDKs send, groups it into issues, and answers the documented part of the API."""
