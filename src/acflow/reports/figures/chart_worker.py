"""The process that draws charts, since a crash of the drawing library must cost one chart and not the report.

It is run by its path and knows nothing of acflow. A line of JSON on stdin is a job; the answer on stdout is a line with
the number of bytes and the picture, or with `error` and the reason.
"""

import json
import sys
from typing import Any


def draw(job: dict[str, Any]) -> bytes:
    """Return a chart as SVG, PNG or PDF; nothing is fetched from anywhere."""
    import vl_convert

    offline = {"allowed_base_urls": [], "format_locale": job["locale"]}
    if job["form"] == "png":
        return bytes(vl_convert.vegalite_to_png(job["spec"], scale=job["scale"], **offline))
    if job["form"] == "pdf":
        return bytes(vl_convert.vegalite_to_pdf(job["spec"], **offline))
    return str(vl_convert.vegalite_to_svg(job["spec"], **offline)).encode()


def main() -> None:
    """Answer jobs until there are no more."""
    for line in sys.stdin.buffer:
        try:
            picture = draw(json.loads(line))
            head = str(len(picture))
        except Exception as error:  # noqa: BLE001 - whatever the library raises is told, not thrown
            picture, head = b"", f"error {type(error).__name__}: {' '.join(str(error).split())[:300]}"
        sys.stdout.buffer.write(f"{head}\n".encode(errors="replace") + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
