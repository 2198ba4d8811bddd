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
    ['null', { status_url: null, response_url: null }],
  ])('that are %s are ours', (_, urls) => {
    expect(check(urls)).toBe(true)
  })

  it.each([
    ['elsewhere to ask after it', { ...own, status_url: 'https://evil.test/async/status/id' }],
    ['elsewhere to read the result', { ...own, response_url: 'https://evil.test/async/result/id' }],
    ['of another task', { ...own, response_url: `${base}/async/result/other` }],
    ['only the end of its own', { status_url: 'd', response_url: 'id' }],
    ['empty', { status_url: '' }],
    ['no text', { status_url: { toString: 1 }, response_url: 7 }],
    ['of another host that begins alike', { status_url: `https://gateway.test.evil.test/pay/async/status/id` }],
    ['each other’s', { status_url: own.response_url, response_url: own.status_url }],
  ])('that are %s are not', (_, urls) => {
    expect(check(urls)).toBe(false)
  })
})
