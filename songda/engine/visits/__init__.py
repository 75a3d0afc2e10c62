"""外送: a courier's round, and what the law and the record make of what happened at a door."""
