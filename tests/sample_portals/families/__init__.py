"""How each CMS family dresses an article and a list: one module a family, each with `article_path` and `routes`."""
