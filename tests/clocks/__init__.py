"""Schedules and reminders by somebody's own clock, worked out anew by Python's time zones."""
