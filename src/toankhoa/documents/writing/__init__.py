"""Plans, figures and explanations become Word and Excel files."""
