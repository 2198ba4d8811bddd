/** The shop's own server: the order of this page, and the token that may pay for it. */
import { Injectable } from '@angular/core'
import { rxResource } from '@angular/core/rxjs-interop'
import { from } from 'rxjs'

export interface Order {
  readonly id: string
  readonly description: string
  readonly amount: number
  readonly currency: string
  /** Whichever browser it was paid in. */
  readonly paid: boolean
  readonly items: readonly { readonly name: string; readonly amount: number }[]
}

@Injectable({ providedIn: 'root' })
export class Shop {
  readonly orderId = location.pathname.split('/').at(-1) ?? ''
  readonly #loaded = this.#fetch<Order & { token: string }>('GET', '')
  #token = tokenOf(this.#loaded)

  readonly order = rxResource<Order, unknown>({ stream: () => from(this.#loaded) })

  /** A token for the attempt that was begun last. */
  readonly token = (): Promise<string> => this.#token

  /** From now on tokens are for a new attempt, if the shop knows that the last one failed. */
  beginAttempt(): void {
    this.#token = tokenOf(this.#fetch('POST', '/attempts'))
  }

  async #fetch<T>(method: string, path: string): Promise<T> {
    const response = await fetch(`/api/orders/${this.orderId}${path}`, { method })
    if (!response.ok) throw new Error(`The shop answered ${response.status}`)
    return response.json()
  }
}

function tokenOf(answer: Promise<{ token: string }>): Promise<string> {
  const token = answer.then((body) => body.token)
  token.catch(() => {}) // Whoever asks for it hears of it, and maybe nobody does.
  return token
}
