"""`python -m activecampaign_sandbox` is the command."""

import sys

from activecampaign_sandbox.cli import main

if __name__ == "__main__":
    sys.exit(main())
