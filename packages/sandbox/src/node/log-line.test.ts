import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../records.ts'
import { logLine } from './log-line.ts'

const record: RequestRecord = {
  at: Date.UTC(2026, 0, 31, 12),
  method: 'POST',
  path: '/async/transactions/payments',
  operation: 'submit',
  gatewayRequestId: 'g',
  status: 200,
  durationMs: 3,
  trackingId: 'order-17',
}

describe('a line of the log', () => {
  it('tells time, method, path, status, duration and tracking id', () => {
    expect(logLine(record)).toBe('2026-01-31T12:00:00.000Z POST /async/transactions/payments 200 3 ms order-17')
  })

  it('tells the fault, a repeat, a dropped connection and a client that left', () => {
    const { status, ...unanswered } = record
    expect(logLine({ ...record, fault: 'html', status: 502 })).toContain(' 502 (html) 3 ms')
    expect(logLine({ ...record, repeated: true })).toMatch(/order-17 \(repeat\)$/)
    expect(logLine({ ...unanswered, fault: 'drop-after' })).toContain(' dropped (drop-after) ')
    expect(logLine({ ...unanswered, aborted: true })).toContain(' aborted ')
  })

  it.each([
    '4200000000000000',
    'order-4200000000000000-x',
    '4200 0000 0000 0000',
    '4200-0000-0000-0000',
    '4222222222222',
    '42000000000000000000000',
  ])('masks %s, also where it is escaped in the path', (number) => {
    const escaped = [...number].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('')
    const line = logLine({ ...record, path: `/v2/transactions/tracking_id/${escaped}`, trackingId: number })
    expect(line).toContain('2026-01-31T12:00:00.000Z')
    expect(line).toContain('************')
    expect(line.replace('2026-01-31T12:00:00.000Z', '')).not.toMatch(/\d{4}/)
  })

  it('shows ids, short numbers and broken escapes as they are', () => {
    const path = '/async/status/12345678-1234-4234-8234-123456789012'
    expect(logLine({ ...record, path, trackingId: '123456789012' })).toContain(`${path} 200 3 ms 123456789012`)
    expect(logLine({ ...record, path: '/%E0%A4%A' })).toContain(' /%E0%A4%A ')
  })

  it('is one line, whatever the tracking id', () => {
    const line = logLine({ ...record, trackingId: 'a\r\n2026-01-31 forged\u2028\u001b[31m' })
    expect(line).toContain('a··2026-01-31 forged··[31m')
  })

  it('shows marks that are not seen, or turn the line around', () => {
    const marks = '\u202e71-redro\u202c \u200b\u2066\ufeff\u00ad\u3164\u034f\u00a0\u{e0041}\ud800'
    const line = logLine({
      ...record,
      trackingId: marks,
      path: `/v2/transactions/tracking_id/${encodeURIComponent('\u202ex')}`,
    })
    expect(line).toMatch(/^[\x20-\x7e]*$/)
    expect(line).toContain('/tracking_id/\\u{202e}x ')
    expect(line).toContain(
      '\\u{202e}71-redro\\u{202c} \\u{200b}\\u{2066}\\u{feff}\\u{ad}\\u{3164}\\u{34f}\\u{a0}\\u{e0041}\\u{d800}',
    )
    expect(logLine({ ...record, trackingId: 'заказ-17' })).toContain(' заказ-17')
  })

  it('masks a number between whose digits such marks stand', () => {
    expect(logLine({ ...record, trackingId: [...'4200000000000000'].join('\u200b') })).toContain('************')
  })
})
