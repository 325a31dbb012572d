"""Judges what was found out about a home and its machine: plain rules over observed facts."""

from dropbox_agent.core.diagnosis.finding import Finding, Verdict, in_short, worst

__all__ = ["Finding", "Verdict", "in_short", "worst"]
