"""What a database holds: its catalog, rows by key and in order, transactions, unique indexes."""
