"""The demo county: fictional people of 六枝特区 and a smaller 榕江县 beside it, with all that the desks need.

Nobody in it exists. ID numbers pass every check of form but lie in areas that GB/T 2260 gives to no county (520299,
522699), mobile numbers begin with 154, facilities have serials from 90001. The same seed makes the same county.

    accounts = fill(people=1000, progress=lambda done, total: None)
"""

from doudi.server.site.demo.accounts import DemoAccount
from doudi.server.site.demo.fill import DemoAccounts, fill

__all__ = ["DemoAccount", "DemoAccounts", "fill"]
