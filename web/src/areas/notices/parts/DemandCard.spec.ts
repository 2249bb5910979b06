import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Demand } from '@/api/types'
import DemandCard from './DemandCard.vue'

const demand: Demand = {
  id: 'a06-2', article: 6, quote: '每半年至少召开1次专题会议', span: [0, 12], actors: [], action: '召开专题会议', deadline: null,
  recurrence: { every: 'half-year', at_least: 1 }, quantity: null, each: '村（社区）', on_event: null, confidence: 0.55, measure: 'times',
  sources: [{ field: 'recurrence', span: [0, 9], words: '每半年至少召开1次' }],
}
const owners = { orgs: [{ id: 'o', name: '应急局', kind: 'department' as const }], lead: [], unresolved: ['各专委会'], by_hand: false, each: 154 }

function card(change: Record<string, unknown> = {}) {
  return mount(DemandCard, { props: { demand, owners, active: true, editable: true, busy: false, chosen: false, narrow: false, ...change } })
}

function button(wrapper: ReturnType<typeof card>, name: string) {
  return wrapper.findAll('button').find((b) => b.text().includes(name))
}

describe('the card of a demand', () => {
  it('says number, measure, how often, for whom, and how sure it is', () => {
    const text = card().text()
    for (const words of ['6-2', '按期次数', '每半年不少于 1 次', '村（社区）', '共 154 个', '应急局', '55%']) expect(text).toContain(words)
  })

  it('names a unit that nobody is known by', () => {
    expect(card().text()).toContain('各专委会（未对应到单位）')
  })

  it('leads to the words a field was read from', async () => {
    const wrapper = card()
    await button(wrapper, '每半年至少召开1次')!.trigger('click')
    expect(wrapper.emitted('words')).toEqual([[demand.sources![0]]])
    expect(wrapper.emitted('open')).toBeUndefined()
  })

  it('offers a rejected demand only to be restored, with the reason', async () => {
    const wrapper = card({ rejected: '与上一条重复' })
    expect(wrapper.text()).toContain('与上一条重复')
    expect(button(wrapper, '更正')).toBeUndefined()
    await button(wrapper, '恢复')!.trigger('click')
    expect(wrapper.emitted('restore')).toHaveLength(1)
  })

  it('offers nothing to someone who may only read', () => {
    const wrapper = card({ editable: false })
    expect(button(wrapper, '更正')).toBeUndefined()
    expect(wrapper.find('[role="checkbox"]').exists()).toBe(false)
  })
})
