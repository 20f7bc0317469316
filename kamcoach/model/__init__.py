"""What can be said: frozen values, no files, no printing."""
