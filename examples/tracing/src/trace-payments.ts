/**
 * `onEvent` as OpenTelemetry spans: one for each payment, from its first attempt to its settlement, and in it one for each
 * HTTP exchange. A payment that another process finishes has a span in each.
 *
 * @example
 * const client = createClient({ baseUrl, auth, onEvent: tracePayments(trace.getTracer('payments')) })
 */
import type { ClientEvent } from '@async-transaction/core'
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'

export function tracePayments(tracer: Tracer, now: () => number = Date.now): (event: ClientEvent) => void {
  const payments = new Map<string, Span>()

  return (event) => {
    const { requestKey, trackingId, requestId } = event
    if (!requestKey) return
    const payment = payments.get(requestKey) ?? tracer.startSpan('payment', { startTime: startOf(event, now()) })
    payments.set(requestKey, payment)
    payment.setAttributes({ 'payment.tracking_id': trackingId, 'payment.request_id': requestId })

    switch (event.type) {
      case 'attempt': {
        const { operation, attempt, answer, httpStatus, gatewayRequestId } = event
        const span = tracer.startSpan(
          operation,
          {
            kind: SpanKind.CLIENT,
            startTime: startOf(event, now()),
            attributes: {
              'payment.attempt': attempt,
              'payment.answer': answer,
              'http.response.status_code': httpStatus,
              'http.response.header.x-request-id': gatewayRequestId,
            },
          },
          trace.setSpan(context.active(), payment),
        )
        if (answer === 'lost') span.setStatus({ code: SpanStatusCode.ERROR })
        span.end(now())
        break
      }
      case 'settled':
        payment.setAttributes({
          'payment.outcome': event.status,
          'payment.error': event.code,
          'payment.via': event.via,
        })
        if (event.status !== 'result') payment.setStatus({ code: SpanStatusCode.ERROR })
        payment.end(now())
        payments.delete(requestKey)
        break
      default:
        payment.addEvent(event.type, detailsOf(event), now())
    }
  }
}

const startOf = (event: ClientEvent, now: number): number => (event.type === 'attempt' ? now - event.durationMs : now)

function detailsOf(event: ClientEvent): Record<string, string | number> {
  if (event.type === 'lost') return { operation: event.operation, reason: event.reason }
  if (event.type === 'retry') return { delayMs: event.delayMs }
  return event.type === 'warning' ? { warning: event.warning } : {}
}
