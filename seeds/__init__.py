"""The articles that ship with article-qa."""
