/** For workerd: does a whole job within one request. */
import type { Places } from '../contract.ts'
import { work } from '../jobs.ts'
import { library } from '../library.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    const job = new URL(request.url).pathname.slice(1)
    return Response.json(await work(job, library, (await request.json()) as Places))
  },
}
