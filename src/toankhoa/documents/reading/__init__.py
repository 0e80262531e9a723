"""Files of every kind become paragraphs and tables; `reader.read` finds out which kind it is."""
