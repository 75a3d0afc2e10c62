"""联络: what court and post say to one another about their work, what goes wrong in it, and what could be better."""
