"""Statements checked against the catalog: names resolved, types inferred, nothing run yet."""
