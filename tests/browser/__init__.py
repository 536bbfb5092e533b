"""The built site in a browser: `make browser`."""
