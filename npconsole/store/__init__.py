"""The memory that survives: runs, leases, the audit chain and presence, on SQLite or PostgreSQL.

Fulfils `npconsole.model.journal.Journal`. `opening.open_journal` is the way in, `anew.start_anew` the way out of a
damaged file. Every write is one short transaction; nothing here calls the network but the database itself.
"""
