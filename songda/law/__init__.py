"""The law of service as tables and pure functions: no I/O, no clock, no Django, nothing else of ours."""
