"""A Scrapy project: from a row of the configuration to raw responses in the archive.

It decides which links to follow and how politely, never what a policy is; `python -m crawlers --help` is its entry.
"""
