import { Component, computed, inject, signal } from '@angular/core'
import type { Card } from '../../../card-input/card-input.ts'
import { CardForm } from './card-form.ts'
import { OrderSummary } from './order-summary.ts'
import { Outcome } from './outcome.ts'
import { Payment } from './payment.ts'
import { Processing } from './processing.ts'
import { screenOf } from './screen.ts'
import { ScreenHeading } from './screen-heading.ts'
import { type Order, Shop } from './shop.ts'

@Component({
  selector: 'app-checkout',
  imports: [CardForm, OrderSummary, Outcome, Processing, ScreenHeading],
  template: `
    <header>
      <p class="brand">Teahouse</p>
      <a href="/">Back to the shop</a>
    </header>
    <main>
      @if (order.hasValue()) {
        <app-order-summary [order]="order.value()" />
      }
      <section class="panel" [attr.data-screen]="screen()">
        @switch (screen()) {
          @case ('loading') {
            <h1>One moment</h1>
            <p>We look for your order.</p>
          }
          @case ('unavailable') {
            <h1 screenHeading>We cannot show your order</h1>
            <p>The shop does not answer. Nothing was charged by opening this page.</p>
            <a class="button primary" [href]="here">Reload</a>
          }
          @case ('form') {
            <h1 [screenHeading]="anew()">Pay by card</h1>
            <app-card-form [order]="order.value()!" (pay)="pay(order.value()!, $event)" />
          }
          @case ('processing') {
            <app-processing />
          }
          @default {
            <app-outcome [screen]="$any(screen())" (again)="anew.set(true)" />
          }
        }
      </section>
    </main>
    <footer><p>A sandbox: no money moves. The shop’s secret stays on its server.</p></footer>
  `,
})
export class Checkout {
  readonly #payment = inject(Payment)
  protected readonly order = inject(Shop).order
  protected readonly here = location.href
  /** The customer wants another try. */
  protected readonly anew = signal(false)
  protected readonly screen = computed(() => {
    const { state } = this.#payment.view()
    if (this.order.error()) return 'unavailable'
    if (!this.order.hasValue()) return 'loading'
    return screenOf(state, { paid: this.order.value().paid, anew: this.anew() })
  })

  protected async pay(order: Order, card: Card): Promise<void> {
    await this.#payment.pay(order, card)
    this.anew.set(false)
  }
}
