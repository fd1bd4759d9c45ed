"""Backends: each a table of inner loops. They share nothing but the catalogue's names."""
