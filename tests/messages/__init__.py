"""Do the words and forms say what they must, and nothing else?"""
