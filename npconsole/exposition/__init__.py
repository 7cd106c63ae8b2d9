"""What the daemon tells Prometheus: pure values to text, a small server for it, and the push for commands that end."""
