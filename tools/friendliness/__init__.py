"""Training of the friendliness leaning (models/friendliness.py)."""
