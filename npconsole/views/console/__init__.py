"""The console: the screen of the person on call."""
