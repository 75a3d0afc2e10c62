"""窗口: who stands at the counter, and what is handed over there."""
