/** Asks the sandbox's control API. It shares its connections with requests that are reset: so again, if it is cut off. */
export async function ask(url: string, init?: RequestInit, tries = 5): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (tries > 1) return ask(url, init, tries - 1)
    throw error
  }
  if (!response.ok) throw new Error(`${url} was refused: ${response.status}`)
  return response.json()
}
