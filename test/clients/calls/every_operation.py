"""Calls every operation by the generated functions: python every_operation.py URL KEY ALBUM

Writes the name of each function that was called, a line each; ends with an error where an answer is not of its type.
"""

import json
import sys
import time
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import httpx
import yaml
from client import AuthenticatedClient
from client.api.alerts import get_alert_history, request_alert
from client.api.dead_letters import (
    delete_dead_letters,
    get_dead_letter_summary,
    get_dead_letters,
    replay_dead_letters,
)
from client.api.events import post_event, post_events
from client.api.recommendations import (
    get_recommendation_model,
    get_recommendation_performance,
    get_similar_albums,
    get_user_recommendations,
)
from client.api.service import (
    clear_cache,
    copy_figures,
    get_cache_info,
    get_circuit_breaker,
    get_health,
    get_liveness,
    get_metrics,
    get_readiness,
)
from client.api.statistics import (
    get_album_kpis,
    get_artist_albums,
    get_artist_audience,
    get_artist_events,
    get_artist_kpis,
    get_artist_milestones,
    get_artist_position,
    get_artist_releases,
    get_artist_rhythm,
    get_artist_tracks,
    get_definitions,
    get_live,
    get_live_history,
    get_overview,
    get_track_kpis,
    get_trending,
    get_unattributed,
    search,
)
from client.models import (
    AcceptedEvent,
    Alert,
    AlertAnswer,
    AlertRequest,
    AlertRequestThresholdsType0,
    ArtistKpis,
    ArtistPosition,
    ArtistReleases,
    Audience,
    BatchResult,
    CacheCleared,
    CacheInfo,
    CircuitBreakerStatus,
    CountedEventPage,
    DeadLetterPage,
    DeadLetterSummary,
    Definitions,
    DeletedDeadLetters,
    Event,
    EventList,
    EventType,
    Fault,
    FiguresCopy,
    GetArtistEventsMeasure,
    GetArtistKpisCompare,
    GetArtistKpisInterval,
    GetArtistReleasesAlign,
    GetArtistTracksSort,
    GetTrendingMode,
    Health,
    LiveHistory,
    LiveMessage,
    Liveness,
    Metadata,
    MostPlayed,
    Milestones,
    OrderItem,
    PlatformKpis,
    PreviousFigures,
    ReleaseKpis,
    Problem,
    Readiness,
    Recommendation,
    RecommendationModel,
    RecommendationPerformance,
    ReplayReport,
    ReplayRequest,
    SearchResult,
    Rhythm,
    SeriesPoint,
    SimilarAlbum,
    TrendingRow,
    UnattributedPage,
)

url, key, album = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True)
now = datetime.now(UTC).isoformat()


def call(operation: ModuleType, status: int, kind: type, **arguments: Any) -> Any:
    response = operation.sync_detailed(client=client, **arguments)
    assert response.status_code == status, response
    found = response.parsed
    for each in found if isinstance(found, list) else [found]:
        assert isinstance(each, kind), (operation, each)
    print(operation.__name__.rpartition(".")[2])
    return found


def event(event_type: EventType, entity_type: str, entity_id: str | int, user_id: str, **more: Any) -> Event:
    return Event(
        event_type=event_type, timestamp=now, entity_type=entity_type, entity_id=entity_id, user_id=user_id, **more
    )


# Events
play = event(EventType.TRACK_PLAYED, "track", 1, "u1", metadata=Metadata(album_id=album, artist="DJ Beats"))
assert call(post_event, 202, AcceptedEvent, body=play, idempotency_key="play-1").id == "play-1"
assert call(post_event, 202, AcceptedEvent, body=play, idempotency_key="play-1").duplicate is True
follow = event(EventType.ARTIST_FOLLOWED, "artist", "4", "u1")
items = [OrderItem(artist_id="4", price="9.99", quantity=2), OrderItem(artist_id=7, price=5.5)]
order = event(EventType.ORDER_PAID, "order", "o1", "u1", metadata=Metadata(items=items, currency="EUR"))
nameless = event(EventType.TRACK_LIKED, "track", "t9", "u2", metadata=None)
assert call(post_events, 200, BatchResult, body=[follow, order]).accepted == 2
assert call(post_events, 200, BatchResult, body=EventList([nameless])).results[0].status == "accepted"
seen = Metadata(recommendation_id="another-answer.popular")
shown = event(EventType.RECOMMENDATION_SHOWN, "artist", "4", "u1", metadata=seen)
assert call(post_events, 200, BatchResult, body=[shown]).accepted == 1

# What is refused
late = Event(event_type=EventType.TRACK_PLAYED, timestamp="2999-01-01T00:00:00Z", entity_id="1")
problem = call(post_event, 400, Problem, body=late)
assert problem.code == "timestamp_in_future" and isinstance(problem.errors[0], Fault)
call(post_events, 200, BatchResult, body=[late])
letter = call(get_dead_letters, 200, DeadLetterPage, limit=1).items[0]
assert call(get_dead_letter_summary, 200, DeadLetterSummary).by_reason["timestamp_in_future"] == 2
repaired = ReplayRequest(id=letter.id, event=play.to_dict() | {"userId": "u3"})
assert call(replay_dead_letters, 200, ReplayReport, body=repaired).accepted == 1
assert call(replay_dead_letters, 200, ReplayReport).results[0].faults[0].code == "timestamp_in_future"
assert call(delete_dead_letters, 200, DeletedDeadLetters, reason="timestamp_in_future").deleted == 1

# The service
while call(get_health, 200, Health).checks.projector.lag_events > 0:
    time.sleep(0.05)
assert call(get_liveness, 200, Liveness).status == "ok"
assert call(get_readiness, 200, Readiness).status == "ready"
assert "stats_storage_up 1" in call(get_metrics, 200, str)
assert call(get_circuit_breaker, 200, CircuitBreakerStatus).opened_at is None

# Figures
kpis = call(get_artist_kpis, 200, ArtistKpis, artist_id="4")
assert (kpis.follows, kpis.purchases, kpis.revenue, kpis.period) == (1, 1, 19.98, None), kpis
hours = {"interval": GetArtistKpisInterval.HOUR, "compare": GetArtistKpisCompare.PREVIOUS}
today = call(get_artist_kpis, 200, ArtistKpis, artist_id="4", start_date=now[:10], **hours)
assert isinstance(today.series[0], SeriesPoint) and isinstance(today.previous, PreviousFigures)
played = call(get_artist_tracks, 200, MostPlayed, artist_id="4", start_date=now[:10], sort=GetArtistTracksSort.GROWTH)
assert played.total == sum(row.plays for row in played.items) + played.unnamed, played
assert call(get_artist_albums, 200, MostPlayed, artist_id="4").next_cursor is None
aligned = call(get_artist_releases, 200, ArtistReleases, artist_id="4", align=GetArtistReleasesAlign.RELEASE, days=28)
assert all(len(row.first_days) in (0, 3) and len(row.series) <= 28 for row in aligned.items), aligned
assert call(get_artist_milestones, 200, Milestones, artist_id="4").next_[0].next_ == 10
counted = call(get_artist_events, 200, CountedEventPage, artist_id="4", measure=GetArtistEventsMeasure.PURCHASES)
assert counted.items[0].amount == 19.98 and counted.items[0].listener.startswith("listener-")
assert call(get_album_kpis, 200, ReleaseKpis, album_id=album).plays >= 1
assert call(get_track_kpis, 200, ReleaseKpis, track_key=f"{album}_1").type_ == "track"
assert call(get_overview, 200, PlatformKpis, start_date=now[:10]).active_artists >= 1
audience = call(get_artist_audience, 200, Audience, artist_id="4", start_date=now[:10])
assert audience.funnel[0].people == audience.listeners and audience.segments.light == audience.listeners, audience
assert len(call(get_artist_rhythm, 200, Rhythm, artist_id="4").cells) == 168
definitions = call(get_definitions, 200, Definitions)
assert definitions.version == today.definitions
assert definitions.items[0].name.es == "Reproducciones"
assert call(get_trending, 200, TrendingRow)[0].count == 2
assert len(call(get_artist_position, 200, ArtistPosition, artist_id="4").items) == 52
rising = call(get_trending, 200, TrendingRow, genre="artists", mode=GetTrendingMode.RISING, limit=1)
assert rising[0].growth.count == 1
assert call(search, 200, SearchResult, q="beats", limit=1).complete in (True, False)
assert call(get_unattributed, 200, UnattributedPage, limit=1).items[0].likes == 1
assert len(call(get_live_history, 200, LiveHistory, artist_id="4").series) == 2880
# The generated function reads to the end, and a stream has none: what it would send is sent, and the first message read.
with client.get_httpx_client().stream(**get_live._get_kwargs(artist_id="4")) as stream:
    data = next(line for line in stream.iter_lines() if line.startswith("data: {"))
assert LiveMessage.from_dict(json.loads(data.removeprefix("data: "))).artist_id == "4"
print("get_live")
assert call(copy_figures, 201, FiguresCopy).checkpoint > 0

# Recommendations
assert call(get_user_recommendations, 200, Recommendation, user_id="nobody")[0].reason == "popular"
assert call(get_recommendation_model, 200, RecommendationModel).version is None
assert len(call(get_similar_albums, 200, SimilarAlbum, genre="Rock", exclude_id=album, limit=2)) == 2

performance = call(get_recommendation_performance, 200, RecommendationPerformance)
assert next(each.shown for each in performance.strategies if each.strategy == "popular") == 1

# The cache
assert len(call(get_cache_info, 200, CacheInfo).keys) > 0
assert call(clear_cache, 200, CacheCleared, key="a key").cleared == "a key"
assert call(clear_cache, 200, CacheCleared).cleared == "all"

# Alerts
request = AlertRequest(artist_id="4", thresholds=AlertRequestThresholdsType0(follows=1))
answer = call(request_alert, 200, AlertAnswer, body=request)
assert answer.triggered and answer.triggers[0].threshold == 1, answer
assert call(get_alert_history, 200, Alert, artist_id="4")[0].attempts >= 0

# The document reads as the same in YAML 1.1
document = yaml.safe_load(httpx.get(f"{url}/api/openapi.yaml").text)
assert document == httpx.get(f"{url}/api/openapi.json").json()
