"""The wallboard: a screen that only looks."""
