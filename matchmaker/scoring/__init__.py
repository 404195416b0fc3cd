"""From a lot and a supplier to six criteria, a score that is the sum of its reasons, and the measures of its quality."""
