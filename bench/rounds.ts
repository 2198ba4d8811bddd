/** Runs measurements: each in a process of its own, contestants in turns. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { type ContestantName, load } from './contestant.ts'
import type { Row } from './results.ts'
import { ratioOf, spreadOf } from './spread.ts'

/** What was measured of each contestant, round by round. */
export type Rounds<T> = ReadonlyMap<string, readonly T[]>

/**
 * Two at the same time, as many as there are cores at least: how fast a machine is differs from minute to minute, and two
 * that are compared are to have the same minutes. Which two begin takes turns.
 */
export async function interleaved<T>(
  rounds: number,
  names: readonly ContestantName[],
  what: string,
  ...args: readonly (string | number)[]
): Promise<Rounds<T>> {
  const measured = new Map<ContestantName, T[]>(names.map((name) => [name, []]))
  const pairs = Array.from({ length: Math.ceil(names.length / 2) }, (_, pair) => names.slice(2 * pair, 2 * pair + 2))
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < pairs.length; turn++) {
      const pair = pairs[(turn + round) % pairs.length] ?? []
      const results = await Promise.all(pair.map((name) => inProcess<T>(what, name, ...args)))
      for (const [index, name] of pair.entries()) measured.get(name)?.push(results[index] as T)
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
