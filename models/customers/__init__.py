"""Customers as people: what is known of them, whom to call back, and what they answer when asked."""
