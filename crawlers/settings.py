"""How Scrapy is set for a crawl: politely, safely, and for a replay without a network.

Scrapy's own defaults ignore robots.txt, accept any certificate, allow bodies of a gigabyte, open a telnet console and
serve `file://`; each is changed here, so that no spider has to remember.
"""

from __future__ import annotations

from typing import Any

from config.model import Crawling

_HANDLER = "crawlers.connection.PortalDownloadHandler"
_REPLAY = "crawlers.recording.ReplayHandler"


def _common(crawling: Crawling) -> dict[str, Any]:
    return {
        "BOT_NAME": "xietong",
        "USER_AGENT": f"{crawling.user_agent} +{crawling.contact}",
        "ROBOTSTXT_USER_AGENT": crawling.user_agent.split("/")[0].split()[0],
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_MAXSIZE": crawling.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DEPTH_PRIORITY": 1,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_MAXDELAY": 5,
        "HTTPPROXY_ENABLED": False,
        "URLLENGTH_LIMIT": 0,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "STATS_DUMP": False,
        # For every page Scrapy starts as many tasks as items may be under way, and parses the source of the callback
        # to warn of a mistake. There are no items here, and mypy finds the mistake.
        "CONCURRENT_ITEMS": 1,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "LOGSTATS_INTERVAL": 0,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "crawlers.boundary.BoundaryMiddleware": 50,
            "crawlers.moves.MovesMiddleware": 60,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawlers.compression.CompressionMiddleware": 620,
            "crawlers.challenges.ChallengeMiddleware": 610,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "crawlers.retrying.PatientRetryMiddleware": 605,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "crawlers.retrying.BoundedRedirectMiddleware": 600,
            "crawlers.archive.ArchiveMiddleware": 950,
            "crawlers.moves.EarlierMiddleware": 960,
        },
    }


def live_settings(crawling: Crawling) -> dict[str, Any]:
    """Settings for the network: one connection a host, the region's delay or more when the host is slow."""
    return _common(crawling) | {
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "file": None, "ftp": None, "s3": None, "data": None},
        "DOWNLOAD_TIMEOUT": crawling.page_seconds,
        "DOWNLOAD_DELAY": crawling.delay_seconds,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": crawling.delay_seconds,
        "EXTENSIONS": {"scrapy.extensions.throttle.AutoThrottle": None, "crawlers.pace.Pace": 0},
        "CLOSESPIDER_TIMEOUT": crawling.portal_minutes * 60,
        "RETRY_TIMES": 2,
    }


def replay_settings(crawling: Crawling) -> dict[str, Any]:
    """Settings for a recording: the same spiders and middlewares, no delay, and no handler that could reach out."""
    return _common(crawling) | {
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_HANDLERS": {"http": _REPLAY, "https": _REPLAY, "file": None, "ftp": None, "s3": None, "data": None},
        "DOWNLOAD_DELAY": 0,
        "RETRY_ENABLED": False,
    }
