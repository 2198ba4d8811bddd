/** What a shop and its proxies share. */
export const credentials: { shopId: string; secretKey: string } = {
  shopId: '361',
  secretKey: 'the-secret-key-of-the-shop',
}
export const secret = 'a-secret-of-the-proxy-with-more-than-32-bytes'
/** Of the shop's own server, for the checkout of the examples. */
export const checkoutKey = 'a-key-of-the-checkout-with-more-than-32-bytes'
