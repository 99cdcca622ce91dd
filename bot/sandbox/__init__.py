"""What is a local Slack workspace that an unmodified Bolt app lives in? This; it knows nothing of the bot."""
