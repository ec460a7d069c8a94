"""`scripts/serve --try`: both phones of a pair side by side on one page, on this machine alone.

Two ports of one host, so that each phone has its own storage; cookies ignore ports, so theirs
are named by port; only this page may frame the phones.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ajar.settings import Settings

_STYLE = """
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: #ece7e0; color: #2b2622; }
header { max-width: 60rem; margin: 0 auto; padding: 1rem; }
main { display: flex; flex-wrap: wrap; gap: 1.5rem; justify-content: center; padding: 0 1rem 2rem; }
figure { margin: 0; } figcaption { text-align: center; padding: .5rem; }
iframe { width: 390px; height: 780px; max-width: 100%; border: 1px solid #b9afa3;
  border-radius: 1.5rem; background: #fff; }
"""


def phone_ports(settings: Settings) -> tuple[int, int]:
    """The ports of the left and the right phone: the two after the page's own."""
    return settings.port + 1, settings.port + 2


def create_page(settings: Settings) -> Starlette:
    left, right = (f"http://localhost:{port}" for port in phone_ports(settings))
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ajar: a trial</title>
<link rel="stylesheet" href="/style.css">
<header>
<h1>This is a trial of Ajar</h1>
<p>Two phones side by side on this machine. Invite from one, copy the link, paste it in the other.
Rounds may close minutes apart here. Do not use it for anything real: whoever sits at this machine
can see both phones.</p>
</header>
<main>
<figure><figcaption>One phone</figcaption><iframe src="{left}/" title="One phone"
 allow="clipboard-write"></iframe></figure>
<figure><figcaption>The other phone</figcaption><iframe src="{right}/" title="The other phone"
 allow="clipboard-write"></iframe></figure>
</main>
</html>
"""
    headers = {
        "content-security-policy": (
            f"default-src 'none'; style-src 'self'; frame-src {left} {right}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }

    async def show(request: Request) -> Response:
        # Strict cookies reach the frames only under the same host name as the page's.
        if request.url.hostname != "localhost":
            return RedirectResponse(f"http://localhost:{settings.port}/", headers=headers)
        return HTMLResponse(page, headers=headers)

    async def style(_: Request) -> Response:
        return Response(_STYLE, headers=headers, media_type="text/css")

    return Starlette(routes=[Route("/", show), Route("/style.css", style)])
