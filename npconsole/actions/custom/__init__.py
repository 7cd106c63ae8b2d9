"""An operator's own actions, made from the configuration: the same plan, guards, journal and verdict as all others."""
