"""What is claimed about speed, as commands that print ratios measured side by side in one run."""
