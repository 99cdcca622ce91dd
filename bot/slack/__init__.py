"""Listeners: parse what Slack delivers, call one service, answer. Nothing here sends a message."""
