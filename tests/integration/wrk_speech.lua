-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks for speech, and counts the answers by kind. Prints one line of JSON at the end.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  spoken, refused, other, empty = 0, 0, 0, 0
  number = 0
end

function request()
  number = number + 1
  local text = "Number " .. (number % 50) .. " is said."
  return wrk.format("POST", "/v1/audio/speech", {["Content-Type"] = "application/json"},
                    '{"input": "' .. text .. '", "response_format": "pcm"}')
end

function response(status, headers, body)
  if status == 200 then
    spoken = spoken + 1
    if #body < 10000 then empty = empty + 1 end
  elseif status == 429 then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary)
  local counts = {spoken = 0, refused = 0, other = 0, empty = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(counts) do
      counts[name] = counts[name] + tonumber(thread:get(name))
    end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"spoken": %d, "refused": %d, "other": %d, "empty": %d, "connect": %d, "read": %d, ' ..
    '"write": %d, "timeout": %d}\n', counts.spoken, counts.refused, counts.other, counts.empty,
    errors.connect, errors.read, errors.write, errors.timeout))
end
