"""JSON replies of the API: compact, and in the order of the shape's fields."""

import orjson
from starlette.responses import Response

from ajar.wire import Shape


def reply(shape: Shape, status: int = 200) -> Response:
    return Response(
        orjson.dumps(shape.model_dump()), status_code=status, media_type="application/json"
    )
