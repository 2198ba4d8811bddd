/** The example that turns `onEvent` into OpenTelemetry spans, run against the sandbox. */
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { tracePayments } from '../../examples/tracing/src/trace-payments.ts'
import { createCheckout, order } from '../conformance/checkout.ts'

it('a payment is a span, and its exchanges are spans in it', async () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const { clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
  const client = restart({ onEvent: tracePayments(provider.getTracer('test'), clock.now) })
  sandbox.fault({ on: 'submit', kind: 'drop-after' })
  sandbox.fault({ on: 'status', kind: 'delay', ms: 700 })
  const task = client.submit('payments', order())
  await clock.until(task.outcome())

  const spans = exporter.getFinishedSpans()
  const payment = spans.at(-1)
  expect(spans.map(({ name }) => name)).toEqual(['submit', 'submit', 'status', 'result', 'payment'])
  expect(
    spans.slice(0, -1).every(({ parentSpanContext }) => parentSpanContext?.spanId === payment?.spanContext().spanId),
  ).toBe(true)
  expect(payment?.attributes).toMatchObject({
    'payment.tracking_id': task.trackingId,
    'payment.request_id': task.handle?.requestId,
    'payment.outcome': 'result',
  })
  expect(payment?.events.map(({ name }) => name)).toEqual(['lost', 'retry'])
  expect(spans[2]?.duration).toEqual([0, 700_000_000])
  expect(JSON.stringify(spans.map(({ attributes, events }) => ({ attributes, events })))).not.toContain('4200000')
})
