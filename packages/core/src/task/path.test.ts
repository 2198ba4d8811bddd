import { describe, expect, it } from 'vitest'
import { areOurs } from './path.ts'

const base = 'https://gateway.test/pay'
const own = { status_url: `${base}/async/status/id`, response_url: `${base}/async/result/id` }
const check = (urls: object): boolean => areOurs({ status: 'processing', ...urls }, base, 'id')

describe('the URLs of an acknowledgement', () => {
  it.each([
    ['its own', own],
    ['absent', {}],
    ['relative', { status_url: '/async/status/id', response_url: '/pay/async/result/id' }],
  ])('that are %s are ours', (_, urls) => {
    expect(check(urls)).toBe(true)
  })

  it.each([
    ['elsewhere to ask after it', { ...own, status_url: 'https://evil.test/async/status/id' }],
    ['elsewhere to read the result', { ...own, response_url: 'https://evil.test/async/result/id' }],
    ['of another task', { ...own, response_url: `${base}/async/result/other` }],
    ['each other’s', { status_url: own.response_url, response_url: own.status_url }],
  ])('that are %s are not', (_, urls) => {
    expect(check(urls)).toBe(false)
  })
})
