import { Component, computed, inject } from '@angular/core'
import { Payment } from './payment.ts'
import { ScreenHeading } from './screen-heading.ts'

const SLOW_MS = 15_000

@Component({
  selector: 'app-processing',
  imports: [ScreenHeading],
  template: `
    <h1 screenHeading id="processing">Your payment is being processed</h1>
    <progress aria-labelledby="processing" max="1" [value]="payment.progress()"></progress>
    <p>
      @if (isSlow()) {
        It takes longer than usual. There is nothing you need to do.
      } @else {
        This takes a few seconds.
      }
    </p>
    <p class="soft">You may leave this page and come back: you are charged once, and what came of it is shown here.</p>
  `,
})
export class Processing {
  protected readonly payment = inject(Payment)
  protected readonly isSlow = computed(() => {
    const { state } = this.payment.view()
    return state.status === 'processing' && state.elapsedMs > SLOW_MS
  })
}
