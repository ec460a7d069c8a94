"""Alice or Bob at a real browser: what a person does with the app, in the words on its screens."""

from datetime import UTC, datetime
from typing import Literal

from playwright.sync_api import BrowserContext, Page, expect

from tests.phone import Choice

BUTTON: dict[Choice, str] = {"open": "Open to one conversation", "closed": "Not this time"}


class Person:
    """One browser context: storage, cookies and clock of its own."""

    def __init__(self, context: BrowserContext, url: str, now: float) -> None:
        self.context = context
        self.url = url
        context.clock.install(time=datetime.fromtimestamp(now, UTC))
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if _is_trouble(message.text) else None,
        )

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.url}/{fragment}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def reopen(self) -> None:
        """Close the page and open the app again."""
        self.page.reload()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def passes_safety(self) -> None:
        self.sees("Is it safe for you?")
        self.press("None of this is so: go on")

    def invites(self, rounds: int = 5) -> str:
        """From the welcome page to the invitation; returns its link."""
        self.open()
        self.press("Make an invitation")
        self.passes_safety()
        self.page.get_by_label("How many rounds").select_option(str(rounds))
        self.press("Make the invitation")
        self.sees("The invitation")
        message = self.page.get_by_label("The message").inner_text()
        return next(word for word in message.split() if "#join=" in word)

    def goes_to_first_round(self) -> None:
        self.press("To the first round")
        self.reads_the_honest_page()

    def reads_the_honest_page(self) -> None:
        self.sees("Before you answer")
        self.press("I have read this")
        self.sees("This round")

    def joins(self, link: str) -> None:
        self.open(link[link.index("#") :])
        self.passes_safety()
        self.sees("You have an invitation")
        self.press("Join")
        self.sees("You have joined")
        self.press("Go on")
        self.reads_the_honest_page()

    def chooses(self, choice: Choice, *, rating: int = 5, rest: bool = False) -> None:
        """From home to both choices, one of them picked, not yet sent."""
        self.press("Answer or change your answer")
        self.sees("For yourself, first")
        self.page.get_by_role("radio", name=str(rating), exact=True).check()
        self.press("Go on to the answer")
        self.sees("Your answer")
        self.page.get_by_role("radio", name=BUTTON[choice]).check()
        if rest:
            self.page.get_by_role("radio", name="For every round that is left").check()

    def answers(self, choice: Choice, *, rating: int = 5, rest: bool = False) -> None:
        self.chooses(choice, rating=rating, rest=rest)
        self.press("Send")
        self.sees("Sent")
        self.press("Back to this round")
        self.sees("This round")

    def lives_until(self, instant: float, since: float) -> None:
        """This phone's clock moves on, with the page open; its timers ring."""
        self.context.clock.fast_forward(round((instant - since) * 1000))

    def looks(self) -> None:
        """Opens what home says has closed."""
        self.press("See how it ended")

    def sees_outcome(self, outcome: Literal["both open", "quiet"]) -> None:
        ending = "was quiet" if outcome == "quiet" else "you were both open to one conversation"
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(ending)


def _is_trouble(text: str) -> bool:
    """Blocked by our own walls, or not caught; a cut connection is part of some tests."""
    return "Content Security Policy" in text or "TrustedScript" in text or "Uncaught" in text
