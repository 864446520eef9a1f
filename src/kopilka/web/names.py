"""What people call a program's articles and branches, for sentences about its rules."""

from __future__ import annotations

from kopilka.queries.articles import list_articles
from kopilka.queries.branches import list_branches
from kopilka.web.requests import PageRequest
from kopilka.wording.speaking import Names


def names_of(request: PageRequest) -> Names:
    articles = {one.sku: one.name for one in list_articles(request.program.id)}
    return Names(articles, {one.code: one.name for one in list_branches(request.program.id)})
