/** `vitest.workspace.ts` is what vitest runs, however it is called: vitest itself ignores a file of that name. */
import { expect, it } from 'vitest'
import byDefault from '../../vitest.config.ts'
import workspace from '../../vitest.workspace.ts'

it('the default configuration is the workspace', () => {
  expect(byDefault).toBe(workspace)
})

it('this test runs in a project of the workspace', ({ task }) => {
  const names = (workspace as { test: { projects: { test: { name: string } }[] } }).test.projects.map(
    ({ test }) => test.name,
  )
  expect(names).toContain(task.file.projectName)
})
