"""What is reckoned and written of what was measured. Pure: values in, values or text out; time and chance are given."""
