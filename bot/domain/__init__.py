"""The rules: pure functions over values, with `now` handed in. Nothing here reads a clock, a file or a database."""
