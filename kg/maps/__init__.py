"""Pictures of a plan: what stands where is worked out once, and drawn as SVG, PNG, a page of its own, or to explore."""
