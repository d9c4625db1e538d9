"""Erasure, retention and the snapshot without names. What holds data of people is declared in schema/people_data.toml."""
