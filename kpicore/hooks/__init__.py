"""What plugins can hook into, the host that loads them, and the catalog of what they provide."""
