/** Tokens, limits and what is hidden. */
import { type Breakage, proxyBreakage as breakage } from '../breakage.ts'

export const guarding: readonly Breakage[] = [
  breakage(
    'a token of the future counts',
    'token/tokens.ts',
    'if (iat > clock.now() / 1000 + SKEW_S || !Number.isFinite(chargeExp)) return undefined',
    '',
    'tests/proxy/refusals.test.ts',
  ),
  breakage(
    'another type of token counts',
    'token/tokens.ts',
    '            typ: TYPE,\n',
    '',
    'tests/proxy/refusals.test.ts',
  ),
  breakage(
    'a token of another issuer counts',
    'token/tokens.ts',
    '            issuer: ISSUER,\n',
    '',
    'tests/proxy/refusals.test.ts',
  ),
  breakage(
    'a token of another shop counts',
    'token/tokens.ts',
    '            audience: await audience(),\n',
    '',
    'tests/proxy/refusals.test.ts',
  ),
  breakage(
    'a page charges a saved card',
    'token/bind-request.ts',
    'const lists = savedCard ? WITH_SAVED_CARD : ADDABLE',
    'const lists = WITH_SAVED_CARD',
    'tests/proxy/binding.test.ts',
  ),
  breakage(
    'a number beside a token is one card',
    'token/bind-request.ts',
    "!('number' in card && 'token' in card)",
    'true',
    'tests/proxy/binding.test.ts',
  ),
  breakage(
    'a plain card passes where all are encrypted',
    'token/bind-request.ts',
    "cards === 'encrypted' ? !CARD.some((field) => field in card)",
    "cards === 'encrypted' ? true",
    'tests/proxy/binding.test.ts',
  ),
  breakage(
    'a card with dashes is not counted as the same',
    'outcomes/card-limit.ts',
    ".replace(/\\D/g, '') : ''",
    " : ''",
    'tests/proxy/submit.test.ts',
  ),
  breakage(
    'the shop’s key is relayed',
    'outcomes/redact.ts',
    'return options.mask(KEPT.test(name) ? value : maskCardData(value))',
    'return KEPT.test(name) ? value : maskCardData(value)',
    'tests/proxy/secrecy.test.ts',
  ),
  breakage(
    'the host of the gateway shows in errors',
    'outcomes/redact.ts',
    ", 'gi'), 'the gateway')",
    ", 'gi'), '$&')",
    'tests/proxy/secrecy.test.ts',
  ),
]
