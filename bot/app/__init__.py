"""How is the desk put together? The composition root: the only room that knows all the others."""
