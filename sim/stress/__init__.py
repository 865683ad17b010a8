"""Stress: a store on a real database under load, killed at random; what it can bear; whether its books agree."""
