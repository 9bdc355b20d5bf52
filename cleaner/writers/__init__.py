"""Writers: each renders what stays of a page. They know formats, and nothing of filters."""
