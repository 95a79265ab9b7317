"""Waking up and working: the doorbell, RQ's worker and the scheduler."""
