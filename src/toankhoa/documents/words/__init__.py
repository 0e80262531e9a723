"""Every sentence about a result, once: for screens, Word and Excel."""
