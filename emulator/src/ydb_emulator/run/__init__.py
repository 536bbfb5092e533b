"""What was checked is run: rows changed in a transaction, the catalog changed by a scheme operation."""
