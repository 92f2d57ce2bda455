"""Files into facts: import maps, and text, Parquet and Arrow files read through them."""

from kpicore.sources.importer import import_files
from kpicore.sources.map_files import load_map
from kpicore.sources.maps import ImportMap
from kpicore.sources.reports import ImportReport

__all__ = ["ImportMap", "ImportReport", "import_files", "load_map"]
