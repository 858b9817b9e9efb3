"""The tests of ozgflow; the folders mirror src/ozgflow."""
