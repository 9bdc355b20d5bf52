"""Readers: each makes one page of one document. They know formats, and nothing of filters."""
