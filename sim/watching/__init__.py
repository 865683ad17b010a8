"""A live store watched: daily figures against the forecast of the plan that was adopted; alarm and advice."""
