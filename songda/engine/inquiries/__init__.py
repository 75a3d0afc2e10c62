"""协查: inquiries opened, sources asked and heard, letters fetched."""
