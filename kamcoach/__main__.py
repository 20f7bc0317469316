"""`python -m kamcoach`."""

from kamcoach.cli import main

if __name__ == "__main__":
    main()
