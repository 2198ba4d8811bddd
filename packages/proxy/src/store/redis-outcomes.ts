import type { LeasedWrite, OutcomeRecord, OutcomeStore } from './outcome-store.ts'

/**
 * What is used of a Redis client: the way it sends a raw command. `redis` 5 has `sendCommand`, `ioredis` has `call`; for
 * any other, a function that sends the command and resolves to the reply. A cluster client of `redis` needs the key, which
 * is the fourth argument of `EVAL` and the second of `GET`.
 */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(command: string[]): Promise<unknown> }
  | ((command: string[]) => Promise<unknown>)

export interface RedisOutcomesOptions {
  /** What every key begins with. @default 'async-transaction:' */
  prefix?: string
}

/**
 * Keeps outcomes in Redis, shared by all processes that use the same server and prefix. A write, a lease and the index of
 * what is due are one script, which is atomic. Keys have a hash tag, so a Redis Cluster can hold them too. The server must
 * not evict keys (`maxmemory-policy noeviction`), and must persist them if the outcomes are to outlive it.
 *
 * @example
 * ```ts
 * const client = await createClient({ url: env.REDIS_URL }).connect()
 * const proxy = createTokenProxy({ …, outcomes: redisOutcomes(client) })
 * ```
 */
export function redisOutcomes(client: RedisClient, options: RedisOutcomesOptions = {}): Required<OutcomeStore> {
  const { prefix = 'async-transaction:' } = options
  const send = commandOf(client)
  const recordKey = (key: string): string => `${prefix}{${shardOf(key)}}${key}`
  const leaseKey = (key: string): string => `${prefix}{${shardOf(key)}}lease/${key}`
  const indexKey = (shard: number): string => `${prefix}{${shard}}due`

  const write = async (
    key: string,
    record: OutcomeRecord,
    ttlMs: number,
    lease = { owner: '', ttlMs: 0 },
  ): Promise<LeasedWrite> => {
    const { fence = '', writer = '', dueAt = '' } = record
    const keys = [recordKey(key), leaseKey(key), indexKey(shardOf(key))]
    const values = [`${fence} ${writer}\n${JSON.stringify(record)}`, ttl(ttlMs), fence, writer, lease.owner]
    const reply = await send([
      'EVAL',
      WRITE,
      '3',
      ...keys,
      ...[...values, Math.ceil(lease.ttlMs), key, dueAt].map(String),
    ])
    return `${reply}` as LeasedWrite
  }

  return {
    async get(key) {
      const stored = await send(['GET', recordKey(key)])
      return typeof stored === 'string' ? recordOf(stored) : undefined
    },
    set: async (key, record, ttlMs) => (await write(key, record, ttlMs)) === 'stored',
    claim: async (key, owner, ttlMs) =>
      (await send(['EVAL', CLAIM, '1', leaseKey(key), owner, `${Math.ceil(ttlMs)}`])) === 1,
    setLeased: write,
    async due(now, limit) {
      const replies = await Promise.all(
        Array.from({ length: SHARDS }, (_, shard) =>
          send(['EVAL', DUE, '1', indexKey(shard), `${now}`, `${limit}`, `${now - FORGET_MS}`]),
        ),
      )
      const pairs = replies.flatMap((reply) => {
        const list = reply as string[]
        return list.flatMap((key, index) => (index % 2 ? [] : [{ key, dueAt: Number(list[index + 1]) }]))
      })
      return pairs
        .sort((one, other) => one.dueAt - other.dueAt)
        .slice(0, limit)
        .map(({ key }) => key)
    },
  }
}

/**
 * Hash tags. A script may touch the keys of one slot alone, and a record, its lease and the index of what is due belong
 * together: so a key is in one of a few slots, each with an index of its own.
 */
const SHARDS = 16

/** By the first two parts of a key, with FNV-1a. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5
  for (const char of key.split('/', 2).join('/')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) % SHARDS
}

/** Entries of the index whose records have expired. */
const FORGET_MS = 48 * 60 * 60_000

const WRITE = `
local holder = redis.call('GET', KEYS[2])
if ARGV[5] ~= '' and holder and holder ~= ARGV[5] then return 'held' end
if ARGV[3] ~= '' then
  local fence, writer = string.match(redis.call('GETRANGE', KEYS[1], 0, 127), '^(%d+) ([^\\n]*)\\n')
  local is, was = tonumber(ARGV[3]), tonumber(fence)
  if was and (was > is or (was == is and writer ~= ARGV[4])) then return 'stale' end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[5] ~= '' then
  if ARGV[6] == '0' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[6]) end
end
if ARGV[8] ~= '' then redis.call('ZADD', KEYS[3], ARGV[8], ARGV[7]) else redis.call('ZREM', KEYS[3], ARGV[7]) end
return 'stored'`

const CLAIM = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`

const DUE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', '0', ARGV[2])`

const ttl = (ms: number): string => `${Math.max(1, Math.ceil(ms))}`

const recordOf = (stored: string): OutcomeRecord => JSON.parse(stored.slice(stored.indexOf('\n') + 1)) as OutcomeRecord

function commandOf(client: RedisClient): (command: string[]) => Promise<unknown> {
  if (typeof client === 'function') return client
  // ioredis has a `sendCommand` as well, which takes something else.
  if ('call' in client) return ([name = '', ...args]) => client.call(name, ...args)
  return (command) => client.sendCommand(command)
}
