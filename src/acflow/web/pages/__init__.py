"""The pages, each a dataclass with its template, and the routes that lead to them."""

from acflow.web.pages import (
    data,
    editor,
    explore,
    feeds,
    flows,
    login,
    overview,
    patterns,
    reports,
    runs,
    settings,
    sql,
    welcome,
)

ROUTES = (
    *overview.ROUTES,
    *welcome.ROUTES,
    *login.ROUTES,
    *editor.ROUTES,
    *flows.ROUTES,
    *runs.ROUTES,
    *explore.ROUTES,
    *data.ROUTES,
    *reports.ROUTES,
    *sql.ROUTES,
    *feeds.ROUTES,
    *settings.ROUTES,
    *patterns.ROUTES,
)
