"""A simulated platform: real HTTP on loopback with honest physics. Shares no code with the rest of the product."""
