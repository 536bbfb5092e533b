"""What *Run in production* claims, tried with processes of their own: kills, races, faults."""
