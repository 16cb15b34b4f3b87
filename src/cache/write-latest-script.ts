import { createHash } from 'node:crypto';
import { CHANGE_DIGITS, PERCENT_DECIMALS } from '../domain/price-change';
import type { PriceEvent } from '../domain/price-event';
import { latestBodyOf } from './cache';
import { entryTailOf, type SymbolWrite } from './latest-writes';

/**
 * Compare-and-set of any number of latest prices in one atomic step. What is stored is known by `price-orders`, a hash that outlives the bodies' expiry:
 * field `symbol provider` for a body and `symbol` for its entry in `prices`, value `ms sequence fetchedMs price eventId`. `price-references` holds
 * `dayMs price` for each symbol. Returns how many entries of `prices` got a newer event.
 */
const TEXT = `
local ttl = ARGV[1]
local at = 1
local function take()
  at = at + 1
  return ARGV[at]
end

-- Lua's own < on strings follows the server's locale.
local function compare_bytes(a, b)
  for i = 1, math.min(#a, #b) do
    local difference = a:byte(i) - b:byte(i)
    if difference ~= 0 then return difference end
  end
  return #a - #b
end

local function read_order(field)
  local text = redis.call('HGET', 'price-orders', field)
  if not text then return nil end
  local ms, sequence, fetched, price, id = text:match('^(%S+) (%S+) (%S+) (%S+) (.*)$')
  return { ms = tonumber(ms), sequence = tonumber(sequence), fetched = tonumber(fetched), price = price, id = id }
end

local function standing(stored, event)
  if not stored then return 'newer' end
  local difference = tonumber(event.ms) - stored.ms
  if difference == 0 then difference = tonumber(event.sequence) - stored.sequence end
  if difference == 0 then difference = compare_bytes(event.id, stored.id) end
  if difference > 0 then return 'newer' end
  if difference < 0 then return 'older' end
  return tonumber(event.fetched) > stored.fetched and 'confirmed' or 'same'
end

local function take_event()
  local event = { ms = take(), sequence = take(), fetched = take(), price = take(), id = take() }
  event.order = table.concat({ event.ms, event.sequence, event.fetched, event.price, event.id }, ' ')
  return event
end

local function write_body(symbol)
  local provider, is_default, body = take(), take() == '1', take()
  local event = take_event()
  local keys = { 'latest_price_' .. symbol .. '_' .. provider }
  if is_default then keys[2] = 'price:' .. symbol end
  local field = symbol .. ' ' .. provider
  local state = standing(read_order(field), event)
  if state == 'older' then return end
  if state == 'same' then
    if redis.call('EXISTS', unpack(keys)) == #keys then return end
  else
    redis.call('HSET', 'price-orders', field, event.order)
  end
  for _, key in ipairs(keys) do redis.call('SET', key, body, 'EX', ttl) end
end

local function round_to(value, decimals)
  local scale = tonumber('1e' .. decimals)
  local rounded = math.floor(value * scale + 0.5) / scale + 0
  local text = string.format('%.15g', rounded)
  return tonumber(text) == rounded and text or string.format('%.17g', rounded)
end

local function change_of(price, reference)
  local larger = math.max(math.abs(price), math.abs(reference))
  local digits = larger == 0 and 0 or ${CHANGE_DIGITS - 1} - math.floor(math.log10(larger))
  local change = round_to(price - reference, math.min(math.max(digits, 0), 20))
  local percent = reference == 0 and 0 or (price - reference) / math.abs(reference) * 100
  return change, round_to(percent, ${PERCENT_DECIMALS})
end

-- What the caller says; else what this day began with; else the newest price before this day; else this day's first.
local function reference_of(symbol, stored, day, before_ms, before_price, first_price, given)
  if given ~= '' then return given end
  local known = redis.call('HGET', 'price-references', symbol)
  if known then
    local known_day, known_price = known:match('^(%S+) (%S+)$')
    if known_day == day then return known_price end
  end
  local is_before = stored and stored.ms < tonumber(day)
  if before_ms ~= '' and not (is_before and stored.ms > tonumber(before_ms)) then return before_price end
  return is_before and stored.price or first_price
end

local changed = 0
local diff = {}

local function write_entry(symbol)
  local event = take_event()
  local tail, day, before_ms, before_price, first_price, given = take(), take(), take(), take(), take(), take()
  local stored = read_order(symbol)
  local state = standing(stored, event)
  local is_known = given == '' or redis.call('HGET', 'price-references', symbol) == day .. ' ' .. given
  if state == 'older' or (state == 'same' and is_known) then return end
  local reference = reference_of(symbol, stored, day, before_ms, before_price, first_price, given)
  local change, percent = change_of(tonumber(event.price), tonumber(reference))
  local entry = '{"price":' .. event.price .. ',"change":' .. change .. ',"change_percent":' .. percent .. ',' .. tail
  redis.call('HSET', 'price-references', symbol, day .. ' ' .. reference)
  redis.call('HSET', 'prices', symbol, entry)
  if state ~= 'same' then redis.call('HSET', 'price-orders', symbol, event.order) end
  if state ~= 'newer' then return end
  changed = changed + 1
  if not stored or stored.price ~= event.price then diff[#diff + 1] = '"' .. symbol .. '":' .. entry end
end

while at < #ARGV do
  local symbol = take()
  for _ = 1, tonumber(take()) do write_body(symbol) end
  write_entry(symbol)
end
if #diff > 0 then
  local now = redis.call('TIME')
  redis.call('SET', 'price-diffs:sequence', string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)), 'NX')
  local sequence = redis.call('INCR', 'price-diffs:sequence')
  redis.call('PUBLISH', 'price-diffs', string.format('{"sequence":%.0f,"prices":{', sequence) .. table.concat(diff, ',') .. '}}')
end
return changed
`;

/** The script and the name Redis knows it by. */
export const WRITE_LATEST = { text: TEXT, sha1: createHash('sha1').update(TEXT).digest('hex') };

/** The script's arguments: the expiry, then all that is said of each symbol. */
export function writeLatestArguments(
  writes: readonly SymbolWrite[],
  options: { ttlSeconds: number; defaultProvider: string },
): (string | number)[] {
  return [options.ttlSeconds, ...writes.flatMap((write) => argumentsOf(write, options.defaultProvider))];
}

function argumentsOf(write: SymbolWrite, defaultProvider: string): (string | number)[] {
  const { symbol, newestOfProviders, newest, dayMs, before, first, referencePrice } = write;
  const bodies = newestOfProviders.flatMap((event) => [
    event.provider,
    event.provider === defaultProvider ? '1' : '0',
    JSON.stringify(latestBodyOf(event)),
    ...eventArguments(event),
  ]);
  return [
    symbol,
    newestOfProviders.length,
    ...bodies,
    ...eventArguments(newest),
    JSON.stringify(entryTailOf(newest)).slice(1),
    dayMs,
    before?.observedAt.getTime() ?? '',
    before?.price ?? '',
    first.price,
    referencePrice ?? '',
  ];
}

function eventArguments(event: PriceEvent): (string | number)[] {
  return [event.observedAt.getTime(), event.sequence, event.fetchedAt.getTime(), event.price, event.eventId];
}
