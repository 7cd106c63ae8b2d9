"""The dialog that everything that acts goes through: what would happen, what stands against it, and a yes."""
