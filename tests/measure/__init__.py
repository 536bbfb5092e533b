"""What the reference tabulates is measured on each release line, and compared."""
