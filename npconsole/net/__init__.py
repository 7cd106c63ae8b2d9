"""The one way out of the process: HTTP, processes, secrets, and the text that comes back."""
