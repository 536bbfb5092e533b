"""What Quick start hands out."""
