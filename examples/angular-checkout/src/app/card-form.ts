import { Component, input, output, signal } from '@angular/core'
import { FormField, FormRoot, form, pattern, required } from '@angular/forms/signals'
import type { CardRequest } from '@async-transaction/core'
import { AmountPipe } from './amount.ts'
import type { Order } from './shop.ts'

const TEST_CARDS = [
  { number: '4200 0000 0000 0000', what: 'is paid' },
  { number: '4005 5500 0000 0019', what: 'is declined' },
  { number: '4012 0000 0000 1097', what: 'asks for 3-D Secure' },
  { number: '4012 0000 0000 1014', what: 'fails 3-D Secure' },
]

const NOBODY = { number: '', holder: '', expiry: '', cvc: '' }

@Component({
  selector: 'app-card-form',
  imports: [FormField, FormRoot, AmountPipe],
  template: `
    <form [formRoot]="card">
      @for (field of fields; track field.name) {
        @let state = card[field.name]();
        @let invalid = state.touched() && state.invalid();
        <div class="field" [class]="field.name">
          <label [for]="field.name">{{ field.label }}</label>
          <input
            [id]="field.name"
            [attr.autocomplete]="field.autocomplete"
            [attr.inputmode]="field.name === 'holder' ? null : 'numeric'"
            [attr.placeholder]="field.placeholder"
            [attr.aria-invalid]="invalid"
            [attr.aria-describedby]="invalid ? field.name + '-error' : null"
            [formField]="card[field.name]"
          />
          @if (invalid) {
            <p class="field-error" [id]="field.name + '-error'">{{ state.errors()[0]?.message }}</p>
          }
        </div>
      }
      <button type="submit" class="primary pay">Pay {{ order().amount | amount: order().currency }}</button>
    </form>
    <details>
      <summary>Test cards</summary>
      <ul>
        @for (test of testCards; track test.number) {
          <li><button type="button" (click)="fill(test.number)">{{ test.number }}</button> {{ test.what }}</li>
        }
      </ul>
    </details>
  `,
})
export class CardForm {
  readonly order = input.required<Order>()
  readonly pay = output<CardRequest>()

  protected readonly testCards = TEST_CARDS
  protected readonly fields = [
    { name: 'number', label: 'Card number', autocomplete: 'cc-number', placeholder: '0000 0000 0000 0000' },
    { name: 'holder', label: 'Name on the card', autocomplete: 'cc-name', placeholder: 'JANE ROE' },
    { name: 'expiry', label: 'Expiry date', autocomplete: 'cc-exp', placeholder: 'MM / YY' },
    { name: 'cvc', label: 'Security code', autocomplete: 'cc-csc', placeholder: 'CVC' },
  ] as const

  readonly #model = signal(NOBODY)
  protected readonly card = form(
    this.#model,
    (path) => {
      required(path.number, { message: 'Enter the number on the card' })
      pattern(path.number, /^(\D*\d){12,19}\D*$/, { message: 'A card number has 12 to 19 digits' })
      required(path.holder, { message: 'Enter the name as it is on the card' })
      required(path.expiry, { message: 'Enter the date the card expires' })
      pattern(path.expiry, EXPIRY, { message: 'Month and year, such as 05 / 30' })
      required(path.cvc, { message: 'Enter the code on the back' })
      pattern(path.cvc, /^\d{3,4}$/, { message: 'Three or four digits' })
    },
    {
      submission: {
        action: async () => this.pay.emit(requestOf(this.#model())),
        onInvalid: () => this.card().errorSummary()[0]?.fieldTree().focusBoundControl(),
      },
    },
  )

  protected fill(number: string): void {
    this.#model.set({ number, holder: 'JANE ROE', expiry: '05 / 35', cvc: '123' })
  }
}

const EXPIRY = /^\s*(0[1-9]|1[0-2])\D*(?:20)?(\d\d)\s*$/

function requestOf({ number, holder, expiry, cvc }: typeof NOBODY): CardRequest {
  const [, month, year] = EXPIRY.exec(expiry) ?? []
  return {
    number: number.replace(/\D/g, ''),
    holder,
    exp_month: month,
    exp_year: `20${year}`,
    verification_value: cvc,
  }
}
