"""The two engine rooms the whole suite runs in, and the proof that it really does."""
