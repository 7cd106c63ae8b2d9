"""Benchmarks: load that is planned, guarded, watched while it lasts, judged, compared and kept."""
