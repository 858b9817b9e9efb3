"""Whole commands as users run them: killed, repeated, compared."""
