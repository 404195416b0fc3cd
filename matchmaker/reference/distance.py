"""Distance on the sphere."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


def great_circle_km(start: Point, end: Point) -> float:
    """Kilometres between two points along the great circle (haversine formula)."""
    latitude, longitude, other_latitude, other_longitude = map(radians, (*start, *end))
    half = sin((other_latitude - latitude) / 2) ** 2
    half += cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
