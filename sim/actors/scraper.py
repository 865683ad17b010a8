"""A scraper 爬虫: accounts that read the whole shop, page after page."""

from __future__ import annotations

from rules.plan.values import Title
from sim.actors.gang import Gang


class Scraper(Gang):
    """Accounts that log in to read. Careful ones read as much as avid people do."""

    kind = "scraper"
    title = Title(zh="爬虫", en="scraper")

    def act(self, day: int) -> None:
        """Join one a day; every account reads every day."""
        if day < len(self.accounts):
            self.register(int(self.accounts[day]), -1, self.second(0))
        pages = 6_000 - 5_700 * self.care
        for place, account in enumerate(self.accounts[:day].tolist()):
            device, home = int(self.model.traces.device[account]), int(self.model.traces.place[account])
            self.log_in(account, device, home, int(pages * (0.5 + self.luck(100 + place))), self.second(200 + place))
