"""What the pages say, in Chinese and English: a module a page, and `common` for what they share."""
