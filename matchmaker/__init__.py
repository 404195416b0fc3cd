"""Matchmaker: social enterprises meet upcoming public tenders and lots."""
