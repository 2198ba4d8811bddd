/** A shop's own server, which is told of outcomes over a socket. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface News {
  readonly key: string
  readonly trackingId: string
  readonly status: string
}

export interface ShopBackend {
  readonly url: string
  /** What it was told of an order, in turn. */
  readonly toldOf: (trackingId: string) => readonly News[]
  /** Makes it fail once, when it is told of the order. */
  readonly failOnceFor: (trackingId: string) => void
  readonly close: () => Promise<void>
}

export async function openShopBackend(): Promise<ShopBackend> {
  const told: News[] = []
  const failing = new Set<string>()
  const server = createServer(async (request, response) => {
    const news = JSON.parse(await text(request)) as News
    told.push(news)
    response.writeHead(failing.delete(news.trackingId) ? 500 : 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    toldOf: (trackingId) => told.filter((news) => news.trackingId === trackingId),
    failOnceFor: (trackingId) => void failing.add(trackingId),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
