"""The complaints register: writing, history and undo (register.py), and what a file brings (imports.py)."""
