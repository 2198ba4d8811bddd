/** The heap of an isolate, by the inspector of workerd. */
import type { Miniflare } from 'miniflare'

export interface Heap {
  /** What is in use once everything that nobody holds is gone. */
  usedBytes(): Promise<number>
  close(): void
}

export async function heapOf(worker: Miniflare, name: string): Promise<Heap> {
  const socket = new WebSocket(new URL(`/core:user:${name}`, await worker.getInspectorURL()))
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = reject
  })
  let calls = 0
  const call = (method: string): Promise<{ usedSize: number }> =>
    new Promise((resolve, reject) => {
      const id = ++calls
      const listen = ({ data }: MessageEvent): void => {
        const message = JSON.parse(String(data))
        if (message.id !== id) return
        socket.removeEventListener('message', listen)
        if (message.error) reject(new Error(`${method}: ${message.error.message}`))
        else resolve(message.result)
      }
      socket.addEventListener('message', listen)
      socket.send(JSON.stringify({ id, method }))
    })
  return {
    async usedBytes() {
      // Taking a snapshot collects what is garbage; the call that is made for this does not return on workerd.
      await call('HeapProfiler.takeHeapSnapshot')
      return (await call('Runtime.getHeapUsage')).usedSize
    },
    close: () => socket.close(),
  }
}
