"""The words of the domain: frozen values and the ports that adapters fulfil. Standard library only."""
