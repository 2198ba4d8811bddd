/** For workerd: plays the contract within one request. */
import { type Places, playContract } from '../contract.ts'
import { library } from '../library.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await playContract(library, (await request.json()) as Places))
  },
}
