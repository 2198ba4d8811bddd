/**
 * The part of an address that belongs to one customer: an IPv4 address, or the first 64 bits of one of IPv6, whose other half
 * a customer chooses at will.
 */
export function addressGroup(address: string | undefined): string | undefined {
  if (!address?.includes(':')) return address
  const [head = '', tail] = address.split('%', 1).join('').split('::')
  const first = head ? head.split(':') : []
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const groups = [...first, ...zeros, ...last].slice(0, 4)
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`
}
