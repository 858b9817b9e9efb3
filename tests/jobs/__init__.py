"""Tests of the verbs: real catalogue, real schemas, a real database, real files."""
