"""Empty the edge's cache, in part or whole, within the vendor's limits; and see that it came about."""
