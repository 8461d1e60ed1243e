"""The pages as people open them: a real `acflow serve` of a made-up company, in a browser that notes every fault."""

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route

from tests.cli.cli_harness import COMMAND

DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
PATIENCE = 90_000  # milliseconds that a loaded machine may take for a page
NOT_AHEAD = {"ACFLOW_PREPARE_REPORTS": "false"}  # answers that nobody looks at are made for the tests of them alone
FORM_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass(frozen=True, slots=True)
class Pages:
    """A served project."""

    url: str
    folder: Path

    def client(self, **headers: str) -> httpx2.Client:
        """Return a program that keeps cookies, as a browser does, and says that it wants pages."""
        wanted = {"Accept": "text/html", **headers}
        return httpx2.Client(base_url=self.url, headers=wanted, timeout=90, trust_env=False)

    @staticmethod
    def token(client: httpx2.Client, page: str) -> str:
        """Return the token of the forms of a page."""
        found = FORM_TOKEN.search(client.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def post(
        self, client: httpx2.Client, page: str, address: str, data: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """Send a form as a page makes it."""
        return client.post(address, data={"csrf": self.token(client, page), **(data or {})})

    def wait_for_runs(self) -> None:
        """Wait until no run goes on and none is waited for."""
        with self.client(Accept="*/*") as client:
            while any(flow["state"] != "idle" for flow in client.get("/flows").json()["flows"]):
                time.sleep(0.2)


@contextmanager
def serving_pages(folder: Path, env: Mapping[str, str]) -> Iterator[Pages]:
    """Start the command, and wait until it says where it listens."""
    command = [*COMMAND, "serve", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, env=NOT_AHEAD | dict(env), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = next(
                found[0] for line in process.stderr if (found := re.search(r"Serving (http://[\d.:]+)", line))
            )
            yield Pages(address.removeprefix("Serving "), folder)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass
class Visit:
    """A browser that looks at pages: what it asked for elsewhere, and what it complained of, is noted."""

    context: BrowserContext
    pages: Pages
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page, and wait for the parts that come after it."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(self.pages.url + path)
        settle(page)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.text} ({message.location.get('url')})")

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def route(self, route: Route) -> None:
        """Let requests to the served pages through; refuse and note all others."""
        if route.request.url.startswith((self.pages.url, "data:")):
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()


def settle(page: Page) -> None:
    """Wait until every part of a page is there."""
    page.wait_for_selector("[data-load]", state="detached")


@contextmanager
def visiting(
    browser: Browser, pages: Pages, size: Mapping[str, int] = DESK, scheme: str = "light", *, script: bool = True
) -> Iterator[Visit]:
    """Open a browser of its own kind on served pages."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
        accept_downloads=True,
    )
    visit = Visit(context, pages)
    context.route("**/*", visit.route)
    yield visit
    context.close()
