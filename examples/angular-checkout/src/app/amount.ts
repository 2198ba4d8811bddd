import { Pipe, type PipeTransform } from '@angular/core'

/** An amount in minor units as the customer reads it: 3245 KZT is "KZT 32.45", and 3245 JPY is "¥3,245". */
@Pipe({ name: 'amount' })
export class AmountPipe implements PipeTransform {
  transform(amount: number, currency: string): string {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0))
  }
}
