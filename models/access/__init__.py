"""Who may see and do what: roles and people, their limits, and how they sign in."""
