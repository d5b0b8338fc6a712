"""`python -m batchwright`: the same as the command `batchwright`."""

from batchwright.start import main

if __name__ == "__main__":
    raise SystemExit(main())
