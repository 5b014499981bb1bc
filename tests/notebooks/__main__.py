"""`python -m tests.notebooks`: runs every notebook over the published snapshot and keeps what it shows in its file."""

import nbformat

from kg.settings import Settings
from tests.notebooks.running import NOTEBOOKS, run

if __name__ == "__main__":
    for path in NOTEBOOKS:
        nbformat.write(run(path, Settings.read().home), path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")
