"""Slack's HTTP endpoint, health and metrics."""
