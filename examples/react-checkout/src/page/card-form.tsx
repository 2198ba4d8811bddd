import { type ChangeEvent, type SubmitEvent, useId, useRef, useState } from 'react'
import { brandOf, type Card, complaintsAbout, formatExpiry, groupNumber } from './card.ts'
import { formatMoney } from './money.ts'
import type { Order } from './shop-api.ts'

interface CardFormProps {
  readonly card: Card
  readonly onChange: (card: Card) => void
  readonly order: Order
  readonly onPay: () => void
}

export function CardForm({ card, onChange, order, onPay }: CardFormProps) {
  const [left, setLeft] = useState<readonly (keyof Card)[]>([])
  const form = useRef<HTMLFormElement>(null)
  const complaints = complaintsAbout(card, new Date())

  /** A complaint about a field that is still being filled in helps nobody: it is shown once the field is left. */
  const field = (name: keyof Card) => ({
    name,
    value: card[name],
    complaint: left.includes(name) ? complaints[name] : undefined,
    onLeave: () => card[name] && setLeft((before) => [...before, name]),
  })
  const change = (name: keyof Card, format: (typed: string) => string) => (event: ChangeEvent<HTMLInputElement>) => {
    const { value, selectionStart } = event.target
    const formatted = format(value)
    onChange({ ...card, [name]: formatted })
    // Typing in the middle of a grouped number must not throw the cursor to its end.
    if (selectionStart !== null && selectionStart < value.length) keepCursor(event.target, selectionStart)
  }

  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const [wrong] = Object.keys(complaints)
    setLeft(['number', 'expiry', 'cvc', 'holder'])
    if (wrong) form.current?.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus()
    else onPay()
  }

  return (
    <form ref={form} className="card-form" aria-labelledby="card-title" noValidate onSubmit={send}>
      <h2 id="card-title">Pay by card</h2>
      <Field
        {...field('number')}
        label="Card number"
        hint={brandOf(card.number)}
        autoComplete="cc-number"
        inputMode="numeric"
        placeholder="1234 1234 1234 1234"
        onChange={change('number', groupNumber)}
      />
      <div className="pair">
        <Field
          {...field('expiry')}
          label="Expires"
          autoComplete="cc-exp"
          inputMode="numeric"
          placeholder="MM / YY"
          onChange={change('expiry', (typed) => formatExpiry(typed, card.expiry))}
        />
        <Field
          {...field('cvc')}
          label="Security code"
          autoComplete="cc-csc"
          inputMode="numeric"
          placeholder="123"
          onChange={change('cvc', (typed) => typed.replace(/\D/g, '').slice(0, 4))}
        />
      </div>
      <Field
        {...field('holder')}
        label="Name on card"
        autoComplete="cc-name"
        inputMode="text"
        placeholder="JANE ROE"
        onChange={change('holder', (typed) => typed.slice(0, 60))}
      />
      <button type="submit" className="button main">
        Pay {formatMoney(order.amount, order.currency)}
      </button>
    </form>
  )
}

/** To after as many digits as it stood before. */
function keepCursor(input: HTMLInputElement, position: number): void {
  const digits = input.value.slice(0, position).replace(/\D/g, '').length
  requestAnimationFrame(() => {
    let place = 0
    for (let seen = 0; place < input.value.length && seen < digits; place++)
      if (/\d/.test(input.value[place] ?? '')) seen += 1
    input.setSelectionRange(place, place)
  })
}

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly complaint: string | undefined
  readonly autoComplete: string
  readonly inputMode: 'numeric' | 'text'
  readonly placeholder: string
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void
  readonly onLeave: () => void
}

function Field({ label, hint, complaint, onLeave, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        <span className="hint">{hint}</span>
      </label>
      <input
        {...input}
        id={id}
        type="text"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={complaint ? true : undefined}
        aria-describedby={`${id}-complaint`}
        onBlur={onLeave}
      />
      <p id={`${id}-complaint`} className="complaint">
        {complaint}
      </p>
    </div>
  )
}
