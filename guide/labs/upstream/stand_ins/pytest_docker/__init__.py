"""In place of the package `pytest-docker`: services that are there already."""
