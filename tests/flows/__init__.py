"""Tests of the flows on one real Prefect server."""
