"""The rules of a library to look through: listed, shown one by one, drawn as a graph, counted."""
