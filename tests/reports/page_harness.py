"""A report as its readers open it: in a browser that has no network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield the system's Chromium, or the one that `playwright install chromium` has brought."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, (*BROWSERS, playwright.chromium.executable_path))), None)
        if found is None:
            pytest.skip(
                f"nobody looked at the report: install one of {', '.join(BROWSERS)} (Debian: apt install chromium)"
            )
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, report: Path, size: dict[str, int], **more: str) -> tuple[Page, list[str]]:
    """Return the page, and what it asked for beside itself: every request is noted and refused."""
    asked: list[str] = []
    page = browser.new_page(viewport=size, **more)  # type: ignore[arg-type]  # colour scheme and the like
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url == report.as_uri() else _refuse(route, asked)
    )
    page.goto(report.as_uri())
    return page, asked


def _refuse(route: object, asked: list[str]) -> None:
    asked.append(route.request.url)  # type: ignore[attr-defined]
    route.abort()  # type: ignore[attr-defined]
