"""The console script `fastact`: that fastact cannot be imported it tells in one line."""

import sys


def main() -> int:
    """Run `fastact`; the return value is the exit status."""
    try:
        from fastact.cli import main as command
    except (ImportError, ValueError) as error:  # an old build; FASTACT_BACKEND and its kin
        print(f"fastact: {error}", file=sys.stderr)
        return 1
    return command()


if __name__ == "__main__":
    sys.exit(main())
