/** The views of a payment that were not stopped: its tasks. */

export interface PaymentView {
  /** The view that joined before this one. */
  before: PaymentView | undefined
  /** Whether it has shown an end. */
  readonly ended: boolean
  /** Called whenever there may be something new to show. */
  changed(): void
}

export class PaymentViews {
  /** The view that all callers share who gave no signal of their own. */
  shared: PaymentView | undefined
  /** The latest one. Those that have shown an end stay: it may be corrected. */
  #latest: PaymentView | undefined

  /** Whether there is one that has shown no end. */
  get open(): boolean {
    for (let view = this.#latest; view; view = view.before) if (!view.ended) return true
    return false
  }

  add(view: PaymentView): void {
    view.before = this.#latest
    this.#latest = view
  }

  remove(view: PaymentView): void {
    if (this.shared === view) this.shared = undefined
    if (this.#latest === view) this.#latest = view.before
    for (let each = this.#latest; each; each = each.before) if (each.before === view) each.before = view.before
  }

  changed(): void {
    for (let view = this.#latest; view; view = view.before) view.changed()
  }
}
