/** A flag that is unknown or has a value it does not take; the message is one line. */
export class FlagError extends Error {
  override readonly name = 'FlagError'
}
