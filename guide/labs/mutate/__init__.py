"""Proof that the tests can fail: pages, snippets and the emulator are changed bit by bit, and a test has to notice."""
