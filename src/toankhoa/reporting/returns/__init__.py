"""What units do with their returns, and what is owed, late or to be corrected."""
