"""What vmps must be able to do, in figures; see README.md."""
