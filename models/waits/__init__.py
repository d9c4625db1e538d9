"""Waits: targets with their history, staffing, control charts and what misses cost. Measures are in the views."""
