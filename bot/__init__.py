"""Watchbell, the support desk that lives in Slack."""
