/** The frame of the sandbox's own pages: plain, readable in light and dark, without scripts. */
import { html } from 'hono/html'
import type { Reply } from '../reply.ts'

export type Markup = ReturnType<typeof html>

export async function page(status: number, title: string, content: Markup): Promise<Reply> {
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sandbox</title>
<style>
  :root { color-scheme: light dark; --ink: light-dark(#1b1d22, #eceef2); --soft: light-dark(#5a6070, #a6adbb);
    --paper: light-dark(#f3f4f7, #14161a); --card: light-dark(#fff, #1f2229); --line: light-dark(#d9dce3, #363b46);
    --go: light-dark(#0b5fd0, #7ab4ff); --on-go: light-dark(#fff, #0b1524); }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--paper);
    color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { width: min(26rem, 100%); padding: 2rem; background: var(--card); border: 1px solid var(--line);
    border-radius: 1rem; }
  h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .5rem 1.5rem; margin: 1.5rem 0; }
  dt, .note { color: var(--soft); }
  dd { margin: 0; text-align: end; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
  .note { font-size: .875rem; margin: 1.5rem 0 0; }
  form { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
  button, a { font: inherit; font-weight: 600; border-radius: .625rem; }
  button { padding: .75rem 1rem; border: 1px solid var(--line); background: transparent; color: inherit;
    cursor: pointer; }
  button[value=confirm] { background: var(--go); border-color: var(--go); color: var(--on-go); }
  a { color: var(--go); }
  :focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: String(document),
  }
}

/** The page for what cannot be shown. */
export function problemPage(status: number, title: string, text: string): Promise<Reply> {
  return page(status, title, html`<h1>${title}</h1>\n<p>${text}</p>`)
}
