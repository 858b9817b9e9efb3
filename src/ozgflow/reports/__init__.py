"""What people are shown outside the terminal: pages for steering groups, and reference documents."""
