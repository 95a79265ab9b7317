"""A PowerSchool that behaves, over HTTP on loopback, for the demo and the tests."""
