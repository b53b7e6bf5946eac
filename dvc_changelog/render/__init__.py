"""Release -> Markdown, JSON, terminal. What a reader sees, and nothing else."""
