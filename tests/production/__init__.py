"""What *Run in production* claims, tried with real processes: kills, races, faults."""
