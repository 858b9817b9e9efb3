"""ozgflow: a public service through the same reuse stages in every municipality, with proof for each step."""
