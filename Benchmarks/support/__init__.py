"""What the benchmarks share: clips, masks, figures, simple interpolations, and runs of the tool."""
