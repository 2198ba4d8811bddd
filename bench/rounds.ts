/** Runs measurements: each in a process of its own, contestants in turns. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { type ContestantName, load } from './contestant.ts'
import type { Row } from './results.ts'
import { ratioOf, spreadOf } from './spread.ts'

/** What was measured of each contestant, round by round. */
export type Rounds<T> = ReadonlyMap<string, readonly T[]>

/** One after the other: who comes first takes turns. */
export async function interleaved<T>(
  rounds: number,
  names: readonly ContestantName[],
  what: string,
  ...args: readonly (string | number)[]
): Promise<Rounds<T>> {
  const measured = new Map<string, T[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as ContestantName
      measured.get(name)?.push(await inProcess<T>(what, name, ...args))
    }
  return measured
}

export function inProcess<T>(what: string, name: ContestantName, ...args: readonly (string | number)[]): Promise<T> {
  const flags = [
    '--conditions=@async-transaction/source',
    '--experimental-strip-types',
    '--disable-warning=ExperimentalWarning',
    '--expose-gc',
  ]
  const script = [join(import.meta.dirname, 'measure.ts'), what, name, ...args.map(String)]
  const child = spawn(process.execPath, [...flags, ...script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(printed))
      else reject(new Error(`measure.ts ${what} ${name} ${args.join(' ')} ended with ${code}`))
    })
  })
}

/** What was measured of one contestant in the first round. */
export function firstOf<T>(rounds: Rounds<T>, name: ContestantName): T {
  const measured = rounds.get(name)?.[0]
  if (measured === undefined) throw new Error(`${name} was not measured`)
  return measured
}

/** A row for each contestant, with its ratio to the `reference` of the same round. */
export async function rowsOf<T>(
  rounds: Rounds<T>,
  unit: string,
  value: (measured: T) => number,
  reference?: ContestantName,
): Promise<Row[]> {
  const base = reference && rounds.get(reference)?.map(value)
  const rows: Row[] = []
  for (const [id, measured] of rounds) {
    const { name, ours } = await load(id)
    rows.push({
      name,
      ...(ours && { ours }),
      values: { [unit]: spreadOf(measured.map(value)) },
      ...(base && { ratio: ratioOf(measured.map(value), base) }),
    })
  }
  return rows
}
