"""What the reference tabulates is measured here, on each release line."""
