"""Tests of the database: on SQLite always, on PostgreSQL wherever a server can be had."""
