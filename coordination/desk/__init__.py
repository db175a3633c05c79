"""The desk: what an officer sees first."""
