"""Vital figures from the regions' own metrics pages."""
