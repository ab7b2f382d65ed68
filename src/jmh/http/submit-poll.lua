-- Submits a copy, then polls its cookie, over and over, on machines in turn. Every 64th poll is the driver's, with its cleanup.
-- wrk ... -s submit-poll.lua URL -- PREFIX MACHINES, where PREFIX is /api/v1/machines or /api/v1/empty.

local COPY = '{"dest":{"buffer":"b2"},"src":{"buffer":"b1"},"len":64}'
local JSON = { ["Content-Type"] = "application/json" }
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  prefix = args[1]
  machines = tonumber(args[2])
  turn = id * math.floor(machines / 2)
  polls = 0
  submit = true
  cookies = {}
  posts = {}
  for m = 0, machines - 1 do
    posts[m] = wrk.format("POST", prefix .. "/load" .. m .. "/dma/channels/dma0chan0/copies", JSON, COPY)
  end
end

function request()
  local m = turn % machines
  if submit then
    submit = false
    return posts[m]
  end
  submit = true
  turn = turn + 1
  polls = polls + 1
  local cookie = prefix .. "/load" .. m .. "/dma/channels/dma0chan0/cookies/" .. (cookies[m] or 1)
  if polls % 64 == 0 then
    return wrk.format("POST", cookie .. "/complete")
  end
  return wrk.format("GET", cookie)
end

function response(status, headers, body)
  if status == 202 then
    local m = tonumber(string.match(headers["Location"], "/load(%d+)/"))
    cookies[m] = string.match(body, '"cookie":(%d+)')
  elseif status ~= 200 then
    failures = (failures or 0) + 1
    if failures == 1 then
      print(status, body)
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %.0f %d %d %d\n", summary.requests / (summary.duration / 1e6),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
