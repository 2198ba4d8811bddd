/** The credentials of a process: a token that expires, from a server that fails as planned. */
import type { ClientOptions } from '@async-transaction/core'
import { canary } from './network.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

export interface Credentials {
  /** The `auth` of one process; `refused` asks for another one than before. */
  create(): ClientOptions['auth']
  /** Whether the gateway accepts it now. */
  accepts(authorization: string): boolean
}

export function createCredentials(world: World, plan: Plan): Credentials {
  const { auth, authDown, tokenMs, faultsEndMs } = plan
  const issuedAt = new Map<string, number>()
  let calls = 0
  const issue = (): string => {
    const token = `Basic ${canary.secret}.${issuedAt.size}`
    issuedAt.set(token, world.now)
    return token
  }
  const isDown = (): boolean => !!authDown && world.now >= authDown.at && world.now < authDown.at + authDown.ms

  return {
    create() {
      let token = issue()
      return ({ refused }) => {
        const fault = world.now < faultsEndMs ? auth?.[calls] : undefined
        calls += 1
        if (refused) token = issue()
        const kind = fault?.kind ?? (isDown() && world.now < faultsEndMs ? 'auth-rejects' : undefined)
        if (!kind) return token
        world.strike(kind)
        world.trace(() => `credentials: ${kind}`)
        switch (kind) {
          case 'auth-rejects':
            return Promise.reject(new Error(`no token beside ${token}`))
          case 'auth-hangs':
            return new Promise(() => {})
          case 'auth-empty':
            return ''
          case 'auth-slow':
            return new Promise((resolve) => world.after(fault?.amount ?? 0, () => resolve(token)))
        }
      }
    },
    accepts(authorization) {
      const at = issuedAt.get(authorization)
      const expired =
        tokenMs !== undefined && (at === undefined || world.now >= at + tokenMs) && world.now < faultsEndMs
      if (expired) world.strike('token-expired')
      return !expired
    },
  }
}
