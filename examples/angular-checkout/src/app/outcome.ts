import { Component, computed, inject, input, output, signal } from '@angular/core'
import { Payment } from './payment.ts'
import type { OutcomeScreen } from './screen.ts'
import { ScreenHeading } from './screen-heading.ts'
import { Shop } from './shop.ts'

@Component({
  selector: 'app-outcome',
  imports: [ScreenHeading],
  template: `
    <p class="mark" [class]="screen()" aria-hidden="true"></p>
    @switch (screen()) {
      @case ('paid') {
        <h1 screenHeading>Paid. Thank you!</h1>
        <p>We are packing your tea things.</p>
      }
      @case ('declined') {
        <h1 screenHeading>Your card was declined</h1>
        <p>{{ transaction()?.friendly_message ?? transaction()?.message ?? 'The bank gave no reason.' }}</p>
        <p>You were not charged.</p>
        <button type="button" class="primary" (click)="again.emit()">Try another card</button>
      }
      @case ('confirm') {
        @if (isBack) {
          <h1 screenHeading>Waiting for your bank</h1>
          <p>This page changes when your bank tells how it went. If you have not confirmed yet, you still can.</p>
        } @else {
          <h1 screenHeading>Confirm at your bank</h1>
          <p>Your bank asks whether it is really you. You come back here afterwards.</p>
        }
        <a class="button primary" [href]="transaction()?.redirect_url">Go to your bank</a>
      }
      @case ('refused') {
        <h1 screenHeading>The payment was not made</h1>
        <p>{{ complaint() }}</p>
        <p>You were not charged by this try.</p>
        <button type="button" class="primary" (click)="again.emit()">Try again</button>
      }
      @case ('error') {
        <h1 screenHeading>Something went wrong at the payment service</h1>
        <p><strong>Please do not pay again:</strong> we cannot tell yet whether you were charged.</p>
        <p>We will find out. Write to us if you hear nothing, and quote what is below.</p>
      }
      @case ('unknown') {
        <h1 screenHeading>We do not know yet whether you paid</h1>
        <p><strong>Please do not pay again.</strong> The payment service has lost track of it. You can look again now or later.</p>
        <button type="button" class="primary" [disabled]="checking()" (click)="check()">Check again</button>
        <p role="status">{{ checked() }}</p>
      }
    }
    <dl class="details">
      @for (detail of details(); track detail.name) {
        <div>
          <dt>{{ detail.name }}</dt>
          <dd>{{ detail.value }}</dd>
        </div>
      }
    </dl>
  `,
})
export class Outcome {
  readonly screen = input.required<OutcomeScreen>()
  readonly again = output()

  readonly #payment = inject(Payment)
  readonly #orderId = inject(Shop).orderId
  protected readonly checking = signal(false)
  protected readonly checked = signal('')
  /** The bank sends the customer back with these. */
  protected readonly isBack = new URLSearchParams(location.search).has('uid')

  protected readonly transaction = computed(() => {
    const { state } = this.#payment.view()
    return state.status === 'result' ? state.transaction : undefined
  })
  readonly #error = computed(() => {
    const { state } = this.#payment.view()
    return state.status === 'error' ? state.error : undefined
  })
  protected readonly complaint = computed(() => {
    const error = this.#error()
    if (error?.code === 'submit-rejected') return error.friendlyMessage ?? error.message
    return 'The shop could not begin the payment. Reload the page to see how your order stands.'
  })
  /** What a person would ask for. */
  protected readonly details = computed(() => {
    const { status, credit_card: card, uid } = this.transaction() ?? {}
    const { requestId, gatewayRequestId } = this.#error() ?? {}
    const order = { name: 'Order', value: this.#orderId }
    // Paid from another browser: nothing of what is known here is about that.
    if (this.screen() === 'paid' && status !== 'successful') return [order]
    return [
      order,
      { name: 'Card', value: card?.last_4 && `${card.brand ?? ''} •••• ${card.last_4}` },
      { name: 'Reference', value: uid ?? requestId ?? this.#payment.view().task?.handle?.requestId },
      { name: 'Support code', value: gatewayRequestId },
    ].filter(({ value }) => value)
  })

  protected async check(): Promise<void> {
    this.checking.set(true)
    this.checked.set('')
    await this.#payment.check()
    this.checking.set(false)
    this.checked.set('Still nothing is known.')
  }
}
