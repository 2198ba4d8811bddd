/** The shop's own server: the order of this page, and tokens that may pay for it. */
import { Injectable } from '@angular/core'
import { rxResource } from '@angular/core/rxjs-interop'
import { from } from 'rxjs'

export interface Order {
  readonly id: string
  readonly description: string
  readonly amount: number
  readonly currency: string
  /** The gateway's public key, by which the page encrypts the card. */
  readonly cardKey: string
  /** Whichever browser it was paid in. */
  readonly paid: boolean
  readonly items: readonly { readonly name: string; readonly amount: number }[]
}

@Injectable({ providedIn: 'root' })
export class Shop {
  readonly orderId = location.pathname.split('/').at(-1) ?? ''
  readonly order = rxResource<Order, unknown>({ stream: () => from(this.#fetch<Order>('GET', '')) })

  /** A token for one payment: of a new attempt, if the last one certainly took no money. */
  readonly token = async (): Promise<string> => (await this.#fetch<{ token: string }>('POST', '/token')).token

  async #fetch<T>(method: string, path: string): Promise<T> {
    const response = await fetch(`/api/orders/${this.orderId}${path}`, { method })
    if (!response.ok) throw new Error(`The shop answered ${response.status}`)
    return response.json()
  }
}
