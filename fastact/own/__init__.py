"""Activations of one's own: defined by a formula, with all that those of the catalogue have."""
