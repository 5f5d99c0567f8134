-- One event a request, as the front end sends a play, with an id of its own.
local ffi = require("ffi")
ffi.cdef([[
  typedef struct { long sec; long usec; } clock_value;
  int gettimeofday(clock_value *value, void *zone);
]])

local function epoch()
  local value = ffi.new("clock_value")
  ffi.C.gettimeofday(value, nil)
  return tonumber(value.sec) * 1000 + tonumber(value.usec) / 1000
end

local count = 0
local prefix, timestamp
refused = 0
local headers = { ["content-type"] = "application/json" }
local genres = { "Rock", "Electronic", "Jazz", "Folk" }

function setup(thread)
  made = thread
end

function init()
  math.randomseed(epoch() % 2147483647)
  prefix = string.format("%08x-%04x-4%03x-a%03x-", math.random(0, 2147483647), math.random(0, 65535),
    math.random(0, 4095), math.random(0, 4095))
  timestamp = os.date("!%Y-%m-%dT%H:%M:%S.000Z", os.time())
end

function request()
  count = count + 1
  local artist = math.random(1, 2000)
  local genre = count % 5 == 0 and ',"genre":"' .. genres[count % 4 + 1] .. '"' or ""
  local body = string.format('{"eventId":"%s%012x","eventType":"track.played","timestamp":"%s","entityType":"track",'
    .. '"entityId":"%d","userId":"65f0%020x","metadata":{"albumId":"65e1%020x","artist":"The %d Band"%s}}',
    prefix, count, timestamp, math.random(1, 10), math.random(1, 50000), artist, artist, genre)
  return wrk.format("POST", "/api/stats/events", headers, body)
end

function response(status)
  if status ~= 202 then refused = refused + 1 end
end

function done(summary)
  print(string.format('{"requests":%d,"seconds":%.6f,"failed":%d}', summary.requests, summary.duration / 1e6,
    made:get("refused") + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
