"""What the desk remembers: SQLModel tables, the queries by noun, and the only SQL of the program."""
