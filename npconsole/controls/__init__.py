"""Adapters that change the world. They fulfil the ports of `model.controls` and do not import one another."""
