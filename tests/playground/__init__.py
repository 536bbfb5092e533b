"""What runs in a browser tab: the stand-ins against the real things."""
