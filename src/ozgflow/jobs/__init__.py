"""The verbs: each job composes domain, standards, storage and reports, and ends in one summary."""
