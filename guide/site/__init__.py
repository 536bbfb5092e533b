"""What writes, checks and publishes the site."""
