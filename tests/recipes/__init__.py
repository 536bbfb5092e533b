"""What the recipes promise, tried at its worst: killed, run again, under writers; rows are counted and compared."""
