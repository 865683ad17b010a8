"""Configurations of live platforms: from their settings to a plan, and back. One file a platform.

What a setting means is read in the platform's code; each file says what had to be assumed.
"""
