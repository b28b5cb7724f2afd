"""Documents and extractions → what the warehouse shows: evidence, pairs, matrices, events. Pure functions."""
