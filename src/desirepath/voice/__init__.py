"""Voice of the customer: from what people say to language, sentiment, emotion, themes and places."""
