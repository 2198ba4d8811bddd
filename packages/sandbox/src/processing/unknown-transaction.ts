/** No transaction has this uid. */
export class UnknownTransaction extends Error {
  override readonly name = 'UnknownTransaction'

  constructor(uid: string) {
    super(`There is no transaction ${uid}`)
  }
}
