"""The built PWA, read once at start and served from memory, compressed where that helps."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

DIST: Final = Path(__file__).resolve().parents[2] / "pwa" / "dist"
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
_NOT_BUILT: Final = (
    "<!doctype html><html lang=en><title>Ajar</title><p>The app has not been built yet. "
    "Start the server with scripts/serve, which builds it.</p></html>"
)

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class File:
    body: bytes
    gzipped: bytes | None
    media_type: str
    cache: str
    etag: str


def routes(dist: Path = DIST) -> list[Route]:
    """One route a file; anything else is a 404 like any other."""
    files = {
        "/" + path.relative_to(dist).as_posix(): _read(path, dist)
        for path in sorted(dist.rglob("*"))
        if path.is_file()
    }
    if "/index.html" not in files:
        return [Route("/", _not_built)]
    files["/"] = files.pop("/index.html")
    return [Route(path, _serve(file)) for path, file in files.items()]


def build_hash(dist: Path = DIST) -> str:
    """The build's own hash, as its manifest says; «unbuilt» before there is one."""
    manifest = dist / "build.json"
    if not manifest.is_file():
        return "unbuilt"
    return str(orjson.loads(manifest.read_bytes())["build"])


def _read(path: Path, dist: Path) -> File:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    textual = media_type.startswith("text/") or media_type.endswith(("json", "xml"))
    return File(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0) if textual else None,
        media_type=media_type,
        cache=_IMMUTABLE if path.relative_to(dist).parts[0] == "assets" else _REVALIDATE,
        etag='"' + hashlib.sha256(body).hexdigest()[:32] + '"',
    )


def _serve(file: File):  # type: ignore[no-untyped-def]
    async def serve(request: Request) -> Response:
        headers = {"cache-control": file.cache, "etag": file.etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        if file.gzipped and "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(file.gzipped, headers=headers, media_type=file.media_type)
        return Response(file.body, headers=headers, media_type=file.media_type)

    return serve


async def _not_built(_: Request) -> Response:
    return HTMLResponse(_NOT_BUILT, status_code=503)
