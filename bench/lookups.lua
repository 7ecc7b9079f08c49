-- wrk with one thread asks for the lines of the file PATHS, in turn or in an order that the number SEED gives.
local requests = {}
local asked = 0
local in_turn = os.getenv("ORDER") == "in turn"

init = function()
  local headers = { ["Host"] = wrk.headers["Host"], ["Accept"] = os.getenv("ACCEPT") }
  if os.getenv("CACHE") then headers["Cache-Control"] = os.getenv("CACHE") end
  for line in io.lines(os.getenv("PATHS")) do
    requests[#requests + 1] = wrk.format("GET", line, headers)
  end
  math.randomseed(tonumber(os.getenv("SEED")))
end

request = function()
  if in_turn then
    asked = asked + 1
    return requests[(asked - 1) % #requests + 1]
  end
  return requests[math.random(#requests)]
end

done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  local figures = { summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors }
  io.write("RESULT " .. string.format("%d %d %d %d %d", unpack(figures)) .. "\n")
end
