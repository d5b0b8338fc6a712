"""A fuzzer of specs: whatever stands in one, it becomes an SDK or is refused.

`python -m fuzz --help` (with `tests` on the path; `make fuzz` does that) runs it by
hand; `test_fuzz.py` runs a fixed number of cases with the tests.
"""
