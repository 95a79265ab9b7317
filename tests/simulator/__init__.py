"""Tests of the PowerSchool simulator, over real HTTP."""
