import { type Breakage, breakage } from './breakage.ts'

/** What keeps an encrypted card secret, and readable for the gateway. */
export const encrypting: readonly Breakage[] = [
  breakage(
    'a padding has a zero in it, which ends it',
    'encryption/encrypt-bytes.ts',
    'zero >= 0; zero',
    'zero > 1e9; zero',
    'packages/core/src/encryption/encrypt-bytes.test.ts',
  ),
  breakage(
    'a ciphertext loses the zeros that it begins with',
    'encryption/big-integer.ts',
    "integer.toString(16).padStart(2 * length, '0')",
    'integer.toString(16)',
    'packages/core/src/encryption/encrypt-bytes.test.ts',
  ),
  breakage(
    'an unknown field of a card goes out in the clear',
    'encryption/read-card.ts',
    "typeof value === 'boolean') flags[name] = value",
    'value) flags[name] = value as boolean',
    'packages/core/src/encryption/read-card.test.ts',
  ),
]
