"""What a benchmark proves, what may be compared with it, whether it got slower, and the forms that are read by people
and programs. One file for each: `status`, `advice`, `fingerprint`, `comparison`, `calibration`, `trend`, and the forms
`plain`, `text`, `markdown`, `sheet` and `junit`.
"""
