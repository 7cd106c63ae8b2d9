"""Configuration: the schema, how it is read, where each value came from, and the key map."""
