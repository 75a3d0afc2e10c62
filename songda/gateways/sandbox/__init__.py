"""A separate process that plays every counterparty over real protocols, and the people at the other end."""
