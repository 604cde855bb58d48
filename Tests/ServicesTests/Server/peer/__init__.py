"""The parts of the loopback server; see ../serve.py."""
