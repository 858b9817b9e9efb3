"""The command line: every job without Prefect."""
