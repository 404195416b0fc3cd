"""Pure answers on top of matches: fair invitation lists now; feasibility, targets and gaps later."""
