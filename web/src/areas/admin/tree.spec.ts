import { describe, expect, it } from 'vitest'
import type { Org } from '@/api/types'
import { pathTo, treeOf } from './tree'

function org(id: string, parent: string | null, kind: Org['kind'] = 'town', name = id): Org {
  return { id, parent, kind, name } as Org
}

describe('the tree of units', () => {
  it('stands by kind, then by name with numbers in order', () => {
    const roots = treeOf([org('d', null, 'district'), org('v10', 'd', 'village', '第10村'), org('v9', 'd', 'village', '第9村'), org('x', 'd', 'department')])
    expect(roots).toHaveLength(1)
    expect(roots[0]!.children!.map((n) => n.key)).toEqual(['x', 'v9', 'v10'])
  })

  it('loses nobody whose parent is missing or in a ring', () => {
    const roots = treeOf([org('a', 'gone'), org('b', 'c'), org('c', 'b'), org('e', 'e')])
    const keys: string[] = []
    const walk = (nodes: ReturnType<typeof treeOf>) => nodes.forEach((n) => { keys.push(n.key); walk(n.children ?? []) })
    walk(roots)
    expect(keys.sort()).toEqual(['a', 'b', 'c', 'e'])
  })

  it('knows the way down to a unit, rings or not', () => {
    expect(pathTo([org('d', null), org('t', 'd'), org('v', 't')], 'v')).toEqual(['d', 't', 'v'])
    expect(pathTo([org('b', 'c'), org('c', 'b')], 'b')).toEqual(['c', 'b'])
  })
})
