import { expect, it } from 'vitest'
import { basicHeader, readShop } from './shop.ts'

it('reads user and password, which may hold colons and letters of any script', () => {
  const shop = { shopId: '361', secretKey: 'ключ:with:colons' }
  expect(readShop(basicHeader(shop), undefined)).toEqual(shop)
  expect(readShop(`basic ${basicHeader(shop).slice(6)}`, undefined)).toEqual(shop)
})

it.each([
  ['no header', null],
  ['another scheme', 'Bearer c2hvcDprZXk='],
  ['no credentials', 'Basic'],
  ['not base64', 'Basic ***'],
  ['not UTF-8', 'Basic /zr/'],
  ['no colon', `Basic ${btoa('shop')}`],
  ['no shop id', `Basic ${btoa(':key')}`],
  ['no secret key', `Basic ${btoa('shop:')}`],
])('refuses %s', (_, header) => {
  expect(readShop(header, undefined)).toBeUndefined()
})

it('takes nothing but the given credentials, if there are any', () => {
  const only = { shopId: 'shop', secretKey: 'key' }
  expect(readShop(`Basic ${btoa('shop:key')}`, only)).toEqual(only)
  expect(readShop(`Basic ${btoa('shop:other')}`, only)).toBeUndefined()
  expect(readShop(`Basic ${btoa('other:key')}`, only)).toBeUndefined()
})

it('takes a shop id that is a number, as the documentation of the gateway shows it', () => {
  const only = { shopId: 361, secretKey: 'key' }
  expect(readShop(`Basic ${btoa('361:key')}`, only)).toEqual({ shopId: '361', secretKey: 'key' })
  expect(readShop(`Basic ${btoa('362:key')}`, only)).toBeUndefined()
})
