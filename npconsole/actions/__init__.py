"""What can be done to the estate: planned, guarded, journalled, verified and undone. Knows ports, never adapters."""
