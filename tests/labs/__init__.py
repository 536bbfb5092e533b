"""What the labs count and keep."""
