import { expect, inject, it } from 'vitest'
it('has the features', async () => {
  const r = await fetch(`${inject('gatewayUrl')}/sandbox/requests`)
  console.log(navigator.userAgent, !!navigator.locks, typeof BroadcastChannel, typeof indexedDB, navigator.onLine, document.visibilityState, isSecureContext, location.href)
  expect(r.status).toBe(200)
})
