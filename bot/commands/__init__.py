"""What can an operator type? One group a file; a command imports what it needs when it runs, so that help is quick."""
