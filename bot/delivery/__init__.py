"""The only room that sends."""
