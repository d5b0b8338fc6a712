"""`python -m weather ADDRESS` asks every station for its temperature."""

from __future__ import annotations

import sys

from weather.stations import Stations

[address] = sys.argv[1:]
with Stations(base_url=address) as stations:
    for reading in stations.readings.list().readings:
        print(f"{reading.station}: {reading.celsius} °C")
