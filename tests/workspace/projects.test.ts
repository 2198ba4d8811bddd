/** `vitest.workspace.ts` is what vitest runs, however it is called: vitest itself ignores a file of that name. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { areNodeFiles } from '../../scripts/test/node-files.ts'
import byDefault from '../../vitest.config.ts'
import alone, { node } from '../../vitest.node.config.ts'
import workspace from '../../vitest.workspace.ts'

const { projects } = (workspace as { test: { projects: { test: { name: string } }[] } }).test
const root = join(import.meta.dirname, '../..')

it('the default configuration is the workspace', () => {
  expect(byDefault).toBe(workspace)
})

it('the project that runs alone is the one of the workspace', () => {
  expect(projects).toContain(node)
  expect(alone).toBe(node)
})

it('this test runs in a project of the workspace', ({ task }) => {
  expect(projects.map(({ test }) => test.name)).toContain(task.file.projectName)
})

it.each([
  [['tests/workspace/projects.test.ts'], true],
  [[join(root, 'packages/core/src/lib/uuid.test.ts'), './tests/types/core.test.ts', '-t', 'some name'], true],
  [[], false],
  [['packages/core'], false],
  [['tests/workspace/nowhere.test.ts'], false],
  [['--bail=1', 'tests/workspace/projects.test.ts'], false],
  [['tests/types/core.test.ts', 'packages/react/src/recover.test.tsx'], false],
  [['packages/react/src/artefact.only-19.test.ts'], false],
  [['tests/browsers/tabs.browser.test.ts'], false],
  [['tests/runtimes/node.test.ts'], false],
])('%j are files of the project node alone: %s', (args, alone) => {
  expect(areNodeFiles(args, root)).toBe(alone)
})
