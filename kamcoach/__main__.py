"""`python -m kamcoach`, and the installed command."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the program as a process of its own."""
    gc.disable()  # before anything is loaded: in a short-lived process collecting costs time and saves nothing
    from kamcoach.cli import main as run

    run()


if __name__ == "__main__":
    main()
