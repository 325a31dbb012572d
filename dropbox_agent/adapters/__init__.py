"""What the agent does: one outside thing per module, none importing another."""
