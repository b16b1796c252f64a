"""``make bench``: what the program costs, each figure beside the limit it is held against (docs/BENCH.md)."""
