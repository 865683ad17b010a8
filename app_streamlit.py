"""The app in a browser: `make app`, or `fenxiao app`."""

from __future__ import annotations


def main() -> None:
    """Show the app."""
    from app.frame import show

    show()


if __name__ == "__main__":  # the processes of a comparison load this file as well, and must show nothing
    main()
