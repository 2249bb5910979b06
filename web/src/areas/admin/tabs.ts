import { may } from '@/api/session'

/** Pages of this area and the command that makes each worth opening; none means for all. */
export const TABS: { name: string; commands: string[] }[] = [
  { name: 'orgs', commands: ['manage-orgs'] },
  { name: 'people', commands: ['manage-people'] },
  { name: 'authority', commands: [] },
  { name: 'things', commands: ['read-things', 'import-things'] },
  { name: 'tokens', commands: ['manage-tokens'] },
  { name: 'rulebook', commands: [] },
  { name: 'audit', commands: ['read-audit'] },
]

/** What the person can use. What is permitted is decided by the server; this only saves a useless click. */
export function tabs() {
  return TABS.filter((tab) => tab.commands.length === 0 || tab.commands.some(may))
}

export function firstTab(): string {
  return `/admin/${tabs()[0]?.name ?? 'authority'}`
}
