"""ozgflow: a public service through the same reuse stages in every municipality, with proof for each step."""

__version__ = "0.1.0"
