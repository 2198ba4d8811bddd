/** Hides texts that no error, event or journal may hold, such as the shop's secret key when the gateway echoes it. */

/** A shorter text is no secret, and masking it would hurt what looks like it by chance. */
const SHORTEST = 8

/** A function that replaces each of `secrets` in a text by stars; a longer one that holds a shorter one goes first. */
export function maskSecrets(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length)
  return (text) => long.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}
