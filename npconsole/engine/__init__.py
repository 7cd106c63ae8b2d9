"""Live state: pollers, judging, the snapshot and those who watch it."""
