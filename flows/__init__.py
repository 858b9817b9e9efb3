"""Prefect flows, thin: open, call jobs, publish, and say in the end how it went."""
