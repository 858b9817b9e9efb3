"""Stand-ins for the far side, for the demo and the tests. Nothing here is used in real operation."""
