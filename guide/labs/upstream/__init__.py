"""Upstream's own integration suites, run unchanged against the emulator: `make upstream`."""
