"""Tests of what people are shown outside the terminal."""
