-- Each request is a new buyer, with a key and an address of its own.
local number = 0
local thread_number = 0

function setup(thread)
  thread_number = thread_number + 1
  thread:set("id", thread_number)
end

function init()
  math.randomseed(os.time() + id * 7919)
  run = math.random(1, 1000000000)
end

function request()
  number = number + 1
  local body = string.format([[{"customer": {"email": "b%d@exemple.fr", "first_name": "B", "last_name": "N",
    "organisation": {"name": "Ville", "siret": "21750001600019", "address": "1, rue", "postcode": "44000", "city": "Nantes"}},
    "payment_method": "mandat", "accept_terms": true, "promo_code": null,
    "items": [{"type": "registration", "study_day": "journee-%d", "attendees": [
      {"first_name": "A", "last_name": "N", "email": "a%d-%d-%d@exemple.fr", "rate": "standard"}]}]}]], number, number % 90 + 5,
    run, id, number)
  local headers = {
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = string.format("bench-%d-%d-%d", run, id, number),
    ["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254)),
  }
  return wrk.format("POST", nil, headers, body)
end

function done(summary, latency, requests)
  io.write(string.format("refused %d\n", summary.errors.status))
end
