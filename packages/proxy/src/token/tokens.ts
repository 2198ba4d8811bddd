/** Tokens: JWTs by jose, HS256 and nothing else, for one shop at one gateway. */
import { jwtVerify, SignJWT } from 'jose'
import type { Settings } from '../options.ts'
import { base64, sha256 } from './digest.ts'
import { type Grant, type GrantedCharge, invalid } from './grant.ts'
import type { Keyring } from './keyring.ts'

const ISSUER = 'async-transaction'
/** So that no other JWT made with the same secret passes for one of ours. */
const TYPE = 'charge+jwt'
const ALGORITHM = 'HS256'

/** How long a token charges, in seconds. */
const CHARGE_S = 15 * 60
/** How long it reads, in seconds: as long as the gateway keeps a result. */
const READ_S = 24 * 60 * 60
/** The clocks of the shop's servers differ by less, in seconds. */
const SKEW_S = 60
/** A longer header is cut or refused by servers on the way. */
const MAX_LENGTH = 6144

export interface Tokens {
  sign(charge: GrantedCharge): Promise<string>
  /** What the token of an `Authorization` header grants; nothing if there is none that counts. */
  verify(authorization: string | null): Promise<Grant | undefined>
}

export function createTokens({ clock, gateway, transport }: Settings, keyring: Keyring): Tokens {
  // A token of a test shop is none of the live one, though both proxies have one secret.
  let known: string | undefined
  const audience = async (): Promise<string> => {
    known ??= base64(await sha256(`${transport.baseUrl} ${gateway.shopId}`)).slice(0, 22)
    return known
  }

  return {
    async sign(charge) {
      const { kid, signing } = await keyring.newest()
      const now = Math.floor(clock.now() / 1000)
      const token = await new SignJWT({ ...charge, charge_exp: now + CHARGE_S })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(ISSUER)
        .setAudience(await audience())
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + READ_S)
        .sign(signing)
      if (token.length <= MAX_LENGTH) return token
      throw invalid('request is too long for a token')
    },

    async verify(authorization) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1]
      if (!token || token.length > MAX_LENGTH) return undefined
      try {
        const { payload } = await jwtVerify<Omit<Grant, 'chargeUntil'> & { charge_exp: number }>(
          token,
          async ({ kid }) => (await keyring.signing(kid)) ?? Promise.reject(new Error('The key is not ours')),
          {
            algorithms: [ALGORITHM],
            typ: TYPE,
            issuer: ISSUER,
            audience: await audience(),
            requiredClaims: ['jti', 'iat', 'exp', 'charge_exp', 'type', 'trackingId', 'attempt', 'fixed'],
            currentDate: new Date(clock.now()),
          },
        )
        const { jti, charge_exp: chargeExp, iat = 0, iss, aud, exp, ...charge } = payload
        // It would charge for longer than it should: what is no number is never past.
        if (iat > clock.now() / 1000 + SKEW_S || !Number.isFinite(chargeExp)) return undefined
        return { ...charge, jti, chargeUntil: chargeExp * 1000 }
      } catch {
        return undefined
      }
    },
  }
}
