"""Training of the predicted satisfaction (models/satisfaction.py)."""
