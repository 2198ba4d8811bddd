/** Outcomes in Redis, for many processes: `@async-transaction/proxy/redis`. */
export { type RedisClient, type RedisOutcomesOptions, redisOutcomes } from './store/redis-outcomes.ts'
