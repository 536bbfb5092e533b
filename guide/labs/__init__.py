"""Runs that are not part of the suite: other versions, upstream's suites, mutants, times."""
