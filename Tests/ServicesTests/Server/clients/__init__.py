"""What the published clients must make of the loopback server; see ../published_clients.py."""
