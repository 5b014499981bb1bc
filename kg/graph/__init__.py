"""Rows become triples, triples a checked snapshot, and the snapshot is asked through one door."""
