"""Letters: kinds, frozen contexts, rendering."""
