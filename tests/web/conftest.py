"""Makes the desk of the command line's tests known here, since `acflow serve` is a command too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "cli"))
