-- Every line of a file once, as the path of a GET or the body of a POST; ends by itself when all are answered.
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

local method
local lines = {}
local sent, answered, failed, accepted = 0, 0, 0, 0
local begun, sentAt
local latencies = {}
local headers = { ["content-type"] = "application/json" }
-- wrk asks for one request before it begins, to see whether several are pipelined.
local rehearsed = false

function init(args)
  method = args[1]
  for line in io.lines(args[2]) do lines[#lines + 1] = line end
end

function delay()
  return sent >= #lines and 3600000 or 0
end

local function format(line)
  if method == "GET" then return wrk.format("GET", line) end
  return wrk.format("POST", nil, headers, line)
end

function request()
  if not rehearsed then
    rehearsed = true
    return format(lines[1])
  end
  sentAt = epoch()
  begun = begun or sentAt
  sent = sent + 1
  return format(lines[sent] or lines[#lines])
end

local function percentile(part)
  return latencies[math.max(1, math.ceil(#latencies * part / 100))]
end

local function finish(ended)
  table.sort(latencies)
  print(string.format('{"requests":%d,"seconds":%.6f,"failed":%d,"accepted":%d,"begun":%.3f,'
    .. '"latency":{"50":%.4f,"95":%.4f,"99":%.4f,"100":%.4f}}', answered, (ended - begun) / 1000, failed, accepted, begun,
    percentile(50), percentile(95), percentile(99), percentile(100)))
  io.stdout:flush()
  os.exit(0)
end

function response(status, _, body)
  local now = epoch()
  answered = answered + 1
  latencies[answered] = now - sentAt
  if status ~= 200 then failed = failed + 1 end
  if method == "POST" then accepted = accepted + tonumber(body:match('"accepted":(%d+)') or 0) end
  if answered == #lines then finish(now) end
end
