"""Home, legal pages, sitemap."""
