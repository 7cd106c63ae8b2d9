"""Adapters that read the world. They fulfil the ports of `model.ports` and do not import one another."""
