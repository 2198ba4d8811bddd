import { Component, computed, input, output, signal } from '@angular/core'
import { FormField, FormRoot, form, validate } from '@angular/forms/signals'
import {
  brandOf,
  type Card,
  complaintsAbout,
  cursorAfter,
  cvcLength,
  emptyCard,
  formatExpiry,
  groupNumber,
} from '../../../card-input/card-input.ts'
import { AmountPipe } from './amount.ts'
import type { Order } from './shop.ts'

const TEST_CARDS = [
  { number: '4200 0000 0000 0000', what: 'is paid' },
  { number: '4005 5500 0000 0019', what: 'is declined' },
  { number: '4012 0000 0000 1097', what: 'asks for 3-D Secure' },
  { number: '4012 0000 0000 1014', what: 'fails 3-D Secure' },
]

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
            (input)="format(field.name, $event)"
          />
          @if (field.name === 'number') {
            <span class="brand-of-card" id="number-brand">{{ brand() }}</span>
          }
          @if (invalid) {
            <p class="field-error" [id]="field.name + '-error'">{{ state.errors()[0]?.message }}</p>
          }
        </div>
      }
      <button type="submit" class="primary pay">Pay {{ order().amount | amount: order().currency }}</button>
      <p class="soft secure">Your card is encrypted in this page: the shop does not see it.</p>
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
  readonly pay = output<Card>()

  protected readonly testCards = TEST_CARDS
  protected readonly fields = [
    { name: 'number', label: 'Card number', autocomplete: 'cc-number', placeholder: '0000 0000 0000 0000' },
    { name: 'holder', label: 'Name on the card', autocomplete: 'cc-name', placeholder: 'JANE ROE' },
    { name: 'expiry', label: 'Expiry date', autocomplete: 'cc-exp', placeholder: 'MM / YY' },
    { name: 'cvc', label: 'Security code', autocomplete: 'cc-csc', placeholder: 'CVC' },
  ] as const

  readonly #model = signal<Card>(emptyCard)
  protected readonly brand = computed(() => brandOf(this.#model().number))
  readonly #complaints = computed(() => complaintsAbout(this.#model(), new Date()))
  protected readonly card = form(
    this.#model,
    (path) => {
      for (const { name } of this.fields)
        validate(path[name], () => {
          const message = this.#complaints()[name]
          return message ? { kind: 'card', message } : undefined
        })
    },
    {
      submission: {
        action: async () => this.pay.emit(this.#model()),
        onInvalid: () => this.card().errorSummary()[0]?.fieldTree().focusBoundControl(),
      },
    },
  )

  /** What was typed, pasted or filled in, as it is written on a card. */
  protected format(name: keyof Card, event: Event): void {
    const input = event.target as HTMLInputElement
    const { value, selectionStart } = input
    const before = this.#shown[name]
    const formatted = FORMATS[name](value, before, this.#model().number)
    this.#shown = { ...this.#shown, [name]: formatted }
    this.#model.update((card) => ({ ...card, [name]: formatted }))
    if (selectionStart === null || selectionStart === value.length) return
    const place = cursorAfter(formatted, value, selectionStart)
    requestAnimationFrame(() => input.setSelectionRange(place, place))
  }

  protected fill(number: string): void {
    this.#shown = { number, holder: 'JANE ROE', expiry: '05 / 35', cvc: '123' }
    this.#model.set(this.#shown)
  }

  #shown: Card = emptyCard
}

const FORMATS: Readonly<Record<keyof Card, (typed: string, before: string, number: string) => string>> = {
  number: groupNumber,
  expiry: formatExpiry,
  cvc: (typed, _, number) => typed.replace(/\D/g, '').slice(0, cvcLength(number)),
  holder: (typed) => typed.slice(0, 60),
}
