"""Keeping and letting go: whose years are over, two persons' deletions, facts that wait for their seal."""
