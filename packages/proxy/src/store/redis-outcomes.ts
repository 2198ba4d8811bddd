import type { OutcomeRecord, OutcomeStore } from './outcome-store.ts'

/**
 * What is used of a Redis client: the way it sends a raw command. `redis` 5 has `sendCommand`, `ioredis` has `call`; for
 * any other, a function that sends the command and resolves to the reply.
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
 * Keeps outcomes in Redis, shared by all processes that use the same server and prefix. A claim is one `SET … NX PX`,
 * which is atomic. The server must not evict keys (`maxmemory-policy noeviction`), and must persist them if the outcomes
 * are to outlive it.
 *
 * @example
 * ```ts
 * const client = await createClient({ url: env.REDIS_URL }).connect()
 * const proxy = createTokenProxy({ …, outcomes: redisOutcomes(client) })
 * ```
 */
export function redisOutcomes(client: RedisClient, options: RedisOutcomesOptions = {}): OutcomeStore {
  const { prefix = 'async-transaction:' } = options
  const send = commandOf(client)
  const ttl = (ms: number): string => `${Math.max(1, Math.ceil(ms))}`
  return {
    async get(key) {
      const stored = await send(['GET', prefix + key])
      return typeof stored === 'string' ? (JSON.parse(stored) as OutcomeRecord) : undefined
    },
    async set(key, record, ttlMs) {
      await send(['SET', prefix + key, JSON.stringify(record), 'PX', ttl(ttlMs)])
    },
    async claim(key, owner, ttlMs) {
      const name = `${prefix}claim:${key}`
      if ((await send(['SET', name, owner, 'NX', 'PX', ttl(ttlMs)])) === 'OK') return true
      // It may be ours: by a command that a client sent again after a reconnect, or to be given back early.
      return (await send(['EVAL', RENEW, '1', name, owner, ttl(ttlMs)])) === 1
    },
  }
}

const RENEW = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0`

function commandOf(client: RedisClient): (command: string[]) => Promise<unknown> {
  if (typeof client === 'function') return client
  // ioredis has a `sendCommand` as well, which takes something else.
  if ('call' in client) return ([name = '', ...args]) => client.call(name, ...args)
  return (command) => client.sendCommand(command)
}
