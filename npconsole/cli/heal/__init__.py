"""`npconsole heal`: the daemon, and what people ask and tell the healer."""
