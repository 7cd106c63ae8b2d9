"""Take a region out of rotation to prove that another takes over, and bring it back. By default only reckoned."""
