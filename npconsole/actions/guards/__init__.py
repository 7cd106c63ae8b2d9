"""The guards, by what they protect: access, the estate, the vendors, the ledger. `gate` has them in order."""
