"""`npconsole bench`: benchmarks that were kept, and results that others have measured. One file for each subcommand."""
