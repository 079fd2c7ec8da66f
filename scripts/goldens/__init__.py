"""The makers of the test oracles; run them with scripts/make_goldens.py."""
