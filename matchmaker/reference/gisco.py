"""Reads the label points of NUTS regions that GISCO (Eurostat) publishes as GeoJSON.

Files ``NUTS_LB_2024_4326.geojson`` of https://gisco-services.ec.europa.eu/distribution/v2/nuts/: one point a region, properties
``NUTS_ID``, ``LEVL_CODE``, ``CNTR_CODE``, ``NAME_LATN``, ``NUTS_NAME``. © EuroGeographics for the administrative boundaries.
"""

import json
import re

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.tables import COLUMNS, Table, TableKind


def is_geojson(start: bytes) -> bool:
    """Whether a document that begins so is JSON."""
    return start.startswith(b"{")


def read_label_points(data: bytes, name: str) -> Table:
    """Regions with the middle of their map.

    Raises:
        UnreadableDocument: not GeoJSON of points with ``NUTS_ID``.
    """
    try:
        document = json.loads(data)
        features = [feature for feature in document["features"] if feature["geometry"]["type"] == "Point"]
        rows = [
            (str(feature["properties"]["NUTS_ID"]), *_point(feature["geometry"]["coordinates"]))
            for feature in features
            if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{0,3}", str(feature["properties"]["NUTS_ID"]))
        ]
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise UnreadableDocument(
            Message(
                "%(name)s is not a file of label points: %(why)s.", {"name": name, "why": f"{type(error).__name__} {error}"[:200]}
            ),
            Message("Load NUTS_LB_2024_4326.geojson from GISCO, or a comma-separated table."),
        ) from None
    return Table(TableKind.NUTS_POINTS, COLUMNS[TableKind.NUTS_POINTS], rows, name)


def _point(coordinates: list[float]) -> tuple[str, str]:
    longitude, latitude = float(coordinates[0]), float(coordinates[1])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(f"{longitude}, {latitude}")
    return f"{latitude:.4f}", f"{longitude:.4f}"
