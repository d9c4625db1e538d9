"""Judging calls: a transcript and a scorecard in, a verdict per criterion with its quotes out. Pure and deterministic."""
