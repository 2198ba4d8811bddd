import { Component, input } from '@angular/core'
import { AmountPipe } from './amount.ts'
import type { Order } from './shop.ts'

@Component({
  selector: 'app-order-summary',
  imports: [AmountPipe],
  host: { class: 'summary' },
  template: `
    <h2>{{ order().description }}</h2>
    <dl>
      @for (item of order().items; track item.name) {
        <div>
          <dt>{{ item.name }}</dt>
          <dd>{{ item.amount | amount: order().currency }}</dd>
        </div>
      }
      <div class="total">
        <dt>Total</dt>
        <dd>{{ order().amount | amount: order().currency }}</dd>
      </div>
    </dl>
  `,
})
export class OrderSummary {
  readonly order = input.required<Order>()
}
