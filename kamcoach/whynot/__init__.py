"""Why a rule did not fire: its conditions for the nearest facts, what would make it fire, and what takes its place."""
