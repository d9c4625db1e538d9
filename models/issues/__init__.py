"""Recurring issues: what customers say is wrong, found, named, costed and followed until it stays fixed.

statements → vectors → clusters → names; growth flags what emerges, decisions are what people say about it.
"""
