"""Proof that the tests can fail: what a page shows is changed, bit by bit, and each time a test has to notice."""
