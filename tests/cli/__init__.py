"""Tests of the command line: what is said, as table and as JSON, and with which exit code it ends."""
