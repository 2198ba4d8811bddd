/** A page with React in it. */
import { act, type ReactNode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'

;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true

export interface Page {
  readonly text: () => string
  readonly html: () => string
  readonly render: (element: ReactNode) => Promise<void>
  readonly click: (selector?: string, times?: number) => Promise<void>
  readonly close: () => Promise<void>
}

const open: Page[] = []

/** Opens a page; with `html` of a server, it is hydrated. */
export async function openPage(element: ReactNode, html?: string): Promise<Page> {
  const container = document.createElement('div')
  document.body.append(container)
  let root: Root
  if (html === undefined) {
    root = createRoot(container)
    await act(async () => root.render(element))
  } else {
    container.innerHTML = html
    root = await act(async () => hydrateRoot(container, element))
  }
  const page: Page = {
    text: () => container.textContent ?? '',
    html: () => container.innerHTML,
    render: (next) => act(async () => root.render(next)),
    click: (selector = 'button', times = 1) =>
      act(async () => {
        const element = container.querySelector<HTMLElement>(selector)
        if (!element) throw new Error(`There is no ${selector} in ${container.innerHTML}`)
        for (let time = 0; time < times; time++) element.click()
      }),
    close: () => act(async () => root.unmount()),
  }
  open.push(page)
  return page
}

/** For `afterEach`. */
export async function closePages(): Promise<void> {
  for (const page of open.splice(0)) await page.close()
  document.body.replaceChildren()
}
