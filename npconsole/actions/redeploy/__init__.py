"""Replace a region's live deployment: by the same image again, or by an earlier deployment."""
