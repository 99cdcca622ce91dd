"""The use cases: one function is one transaction. Nothing here knows Slack, and nothing here sends."""
