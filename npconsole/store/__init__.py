"""The memory that survives, on SQLite or PostgreSQL: runs, leases, the audit chain, benchmarks, mutes, outbox, healing.

Fulfils the ports of `npconsole.model` that are kept here (`Journal`, `BenchmarkArchive`, `Mutes`, `Outbox` and
`HealMemory`), each by a class over one `memory.Memory`. `opening.open_journal` is the way in, `anew.start_anew` the way
out of a damaged file. Every write is one short transaction; nothing here calls the network but the database itself.
"""
