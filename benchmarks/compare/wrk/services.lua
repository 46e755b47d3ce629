-- Every request goes to another of the services, in an order that is the same for all proxies.
dofile(os.getenv("COMPARE") .. "/wrk/get.lua")
local requests = {}
function init(args)
  math.randomseed(7)
  for i = 1, tonumber(os.getenv("SERVICES")) do
    requests[i] = wrk.format("GET", nil, { ["Host"] = string.format("s%04d.example.com", i) })
  end
end
function request()
  return requests[math.random(#requests)]
end
