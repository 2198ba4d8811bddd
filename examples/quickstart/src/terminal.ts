/** What the tour prints: lines, and on a terminal one more that lives while something is awaited. */
import process from 'node:process'

export interface Terminal {
  line(text?: string): void
  heading(text: string): void
  good(text: string): void
  bad(text: string): void
  /** Shows that time passes until `done` is called; nothing, where the output is not a terminal. */
  waiting(text: () => string): { done(): void }
}

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const clearLine = '\r\u001b[2K'

export function createTerminal(out: NodeJS.WriteStream = process.stdout): Terminal {
  const live = out.isTTY === true
  const styled = (code: string, text: string): string =>
    live && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text
  const line = (text = ''): void => {
    out.write(`${live ? clearLine : ''}${text}\n`)
  }
  return {
    line,
    heading: (text) => line(styled('1', text)),
    good: (text) => line(`   ${styled('32', '✔')} ${text}`),
    bad: (text) => line(`   ${styled('31', '✘')} ${text}`),
    waiting(text) {
      if (!live) return { done() {} }
      let frame = 0
      const timer = setInterval(() => {
        frame = (frame + 1) % frames.length
        out.write(`${clearLine}   ${styled('36', frames[frame] ?? '')} ${text()}`)
      }, 80)
      return {
        done() {
          clearInterval(timer)
          out.write(clearLine)
        },
      }
    },
  }
}
