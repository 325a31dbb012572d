"""What the agent decides. Knows no disk, network, clock, thread or logger."""
