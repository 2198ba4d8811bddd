/** Records that several processes write: leases, fencing numbers, merging by rank. */
import { type Breakage, proxyBreakage as breakage } from '../breakage.ts'

export const leasing: readonly Breakage[] = [
  breakage(
    'a write is based on no number',
    'outcomes/lease.ts',
    'const numbered = (record: R, fence: number): R => ({ ...record, fence,',
    'const numbered = (record: R, _: number): R => ({ ...record, fence: 1e9,',
  ),
  breakage(
    'a refused end of work is dropped',
    'outcomes/lease.ts',
    '        mine = await merged(next)\n      } catch',
    '        return mine\n      } catch',
  ),
  breakage(
    'what others stored meanwhile is overwritten',
    'outcomes/lease.ts',
    'return numbered(merge(stored, next), fenceOf(stored) + 1)',
    'return numbered(next, fenceOf(stored) + 1)',
  ),
  breakage(
    'a lease is never renewed',
    'outcomes/lease.ts',
    'let timer = clock.setTimeout(next, RENEW_MS)',
    'let timer: unknown',
  ),
  breakage(
    'a dead process holds others up for a minute',
    'outcomes/lease.ts',
    'const LEASE_MS = 10_000',
    'const LEASE_MS = 90_000',
  ),
  breakage(
    'a lease is not given back',
    'outcomes/lease.ts',
    'if (!finished) await release()',
    'if (finished) await release()',
  ),
  breakage(
    'the end of work is tried once',
    'outcomes/lease.ts',
    'if (++failures === FINISH_TRIES) return undefined',
    'if (++failures === 1) return undefined',
  ),
  breakage(
    'the record is changed by two at once',
    'outcomes/record-store.ts',
    'if (await this.set(key, next, ttlMs)) return next',
    'await this.set(key, next, ttlMs)\n      return next',
  ),
  breakage(
    'nobody waits for another reader',
    'outcomes/record-store.ts',
    'if (this.#closing || this.clock.now() >= until) return undefined',
    'return undefined',
  ),
  breakage(
    'a store that hangs is waited for',
    'outcomes/record-store.ts',
    'const STORE_TIMEOUT_MS = 5000',
    'const STORE_TIMEOUT_MS = 5_000_000',
  ),
  breakage(
    'an older write of the same number counts',
    'store/outcome-store.ts',
    '(stored.fence === next.fence && stored.writer !== next.writer)',
    'false',
  ),
  breakage('a lower number counts', 'store/outcome-store.ts', 'return stored.fence > next.fence ||', 'return'),
  breakage(
    'a later result of the same rank replaces the first',
    'outcomes/merge-tasks.ts',
    'return one && other && supersedes(one, other) ? next : known',
    'return one && other ? next : known',
  ),
  breakage(
    'an error replaces a result',
    'outcomes/merge-tasks.ts',
    'if (isError(known) !== isError(next)) return isError(known) ? next : known',
    'if (isError(known) !== isError(next)) return next',
  ),
  breakage(
    'words stay though the task went on',
    'outcomes/merge-tasks.ts',
    'words && words.read > alive ? words : undefined',
    'words',
  ),
  breakage(
    'words of a balancer replace those of the gateway',
    'outcomes/merge-tasks.ts',
    'return OF_OTHERS.includes(newer.httpStatus) && !OF_OTHERS.includes(older.httpStatus) ? older : newer',
    'return newer',
  ),
  breakage(
    'a lost read is forgotten by who merges',
    'outcomes/merge-tasks.ts',
    '...((stored.lost || mine.lost) && { lost: true }),',
    '...(mine.lost && { lost: true }),',
  ),
  breakage(
    'a POST in doubt is forgotten by who merges',
    'outcomes/merge-intents.ts',
    '...(sent.length > 0 && { sentAt: Math.min(...sent) }),',
    '...(mine.sentAt && { sentAt: mine.sentAt }),',
  ),
  breakage(
    'an acknowledgement is overwritten by a refusal',
    'outcomes/merge-intents.ts',
    'isAccepted(mine) && !isAccepted(stored) ? [mine, stored] : [stored, mine]',
    '[stored, mine]',
  ),
]
