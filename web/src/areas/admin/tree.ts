import type { Org } from '@/api/types'

/** A unit in the tree, in the form the tree component takes. */
export interface OrgNode {
  key: string
  label: string
  org: Org
  children?: OrgNode[]
}

const KIND_ORDER: Org['kind'][] = ['district', 'committee', 'headquarters', 'department', 'town', 'village', 'grid', 'enterprise']

/** Units of one parent stand by kind, then by name. */
export function byKind(a: Org, b: Org): number {
  return KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) || a.name.localeCompare(b.name, 'zh-CN', { numeric: true })
}

/**
 * The tree of all units. One whose parent is missing stands at the top, and so does one of a ring, so that none is
 * lost from sight.
 */
export function treeOf(orgs: Org[]): OrgNode[] {
  const known = new Set(orgs.map((org) => org.id))
  const under = new Map<string | null, Org[]>()
  for (const org of orgs) {
    const parent = org.parent && known.has(org.parent) && org.parent !== org.id ? org.parent : null
    under.set(parent, [...(under.get(parent) ?? []), org])
  }
  const placed = new Set<string>()
  const node = (org: Org): OrgNode => {
    placed.add(org.id)
    const children = (under.get(org.id) ?? []).filter((child) => !placed.has(child.id)).sort(byKind).map(node)
    return { key: org.id, label: org.name, org, ...(children.length ? { children } : {}) }
  }
  const roots = (under.get(null) ?? []).sort(byKind).map(node)
  for (const org of orgs) if (!placed.has(org.id)) roots.push(node(org))
  return roots
}

/** The ids from the top down to a unit, itself included. */
export function pathTo(orgs: Org[], id: string): string[] {
  const by = new Map(orgs.map((org) => [org.id, org]))
  const out: string[] = []
  for (let org = by.get(id); org && !out.includes(org.id); org = org.parent ? by.get(org.parent) : undefined) out.unshift(org.id)
  return out
}
