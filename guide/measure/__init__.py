"""What the reference tabulates, measured on each release line."""
