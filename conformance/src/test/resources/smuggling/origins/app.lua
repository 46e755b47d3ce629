require "apache2"

-- Answers 200 to everything. A body is read first, unless it comes in chunks, for which there is no function here:
-- then Apache reads and drops it behind the answer, as it does for everything that an app leaves unread.
function handle(r)
  local unread = r.uri:find("/unread")
  if not unread then
    r:requestbody()
  end
  local answer = "read\n"
  r.content_type = "text/plain"
  r.headers_out["Content-Length"] = tostring(#answer)
  r:puts(answer)
  if unread then
    -- Or it would leave when the body was dropped.
    r:flush()
  end
  return apache2.OK
end

-- Keeps the body for the log, whoever reads it.
function keep(r)
  coroutine.yield()
  while bucket do
    if not r.uri:find("/unread") then
      r.notes["body"] = (r.notes["body"] or "") .. bucket
    end
    coroutine.yield(bucket)
  end
end
