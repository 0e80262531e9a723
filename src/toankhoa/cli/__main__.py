"""`python -m toankhoa.cli`."""

import sys

from toankhoa.cli import main

sys.exit(main())
