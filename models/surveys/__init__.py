"""Surveys: what customers write when asked, and how they rate; the open question comes first."""
