"""Tests of the house itself: wording, documents, vocabulary and style."""
