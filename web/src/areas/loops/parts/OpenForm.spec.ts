import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/client'
import * as server from '../server'
import type { Problem } from '@/api/types'
import type { LoopKind, LoopView } from '../types'
import OpenForm from './OpenForm.vue'

const kind: LoopKind = {
  code: 'hazard', zh: '隐患', en: 'Hazard', prefix: 'YH', article: 12, by_hand: true, may_open: true, states: [], grades: [], moves: [],
  clocks: [{ code: 'grade', zh: '评估定级', en: 'Grade', party: 'handler', limit_zh: '3 个工作日', limit_en: '3 working days', rule: '某规定', certain: false }],
  open: {
    code: 'open', zh: '登记隐患', en: 'Register', allowed: true, refusal: null, aside: false, grave: false, paper: null, to: ['found'],
    fields: [{ code: 'what', zh: '隐患描述', en: 'What', kind: 'long', need: 'must' }, { code: 'source', zh: '发现方式', en: 'Source', kind: 'choice', need: 'must', words: [{ code: 'patrol', zh: '网格巡查', en: 'Patrol' }] }],
  },
}

function form(org?: string) {
  return mount(OpenForm, { props: { kind, org }, attachTo: document.body, global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) }]] } })
}
async function fill(wrapper: ReturnType<typeof form>, what = '报警器失效'): Promise<void> {
  await wrapper.find('[data-field="what"] textarea').setValue(what)
  await wrapper.find('[data-field="source"] input').setValue(true)
}
async function send(wrapper: ReturnType<typeof form>): Promise<void> {
  await wrapper.find('form').trigger('submit')
  await flushPromises()
}

beforeEach(() => { localStorage.clear(); vi.restoreAllMocks(); vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ items: [], next: null, total: 0 }), { status: 200 }))) })
afterEach(() => { document.body.innerHTML = ''; vi.unstubAllGlobals() })

describe('opening a loop', () => {
  it('says what is lacking and sends nothing until it is there', async () => {
    const open = vi.spyOn(server, 'openLoop')
    const wrapper = form()
    await send(wrapper)
    expect(wrapper.text()).toContain('请选择责任单位')
    expect(wrapper.text()).toContain('请填写隐患描述')
    expect(open).not.toHaveBeenCalled()
  })

  it('sends what is filled, the same request again after a lost answer, a new one after a refusal', async () => {
    const lost = new ApiError({ type: 'anlan:offline', status: 0, title: '连接不上服务器', detail: 'offline' })
    const refused = new ApiError({ type: 'anlan:refused', status: 422, title: '内容过长或附件过多', detail: 'Too long', field: 'what' } as Problem)
    const open = vi.spyOn(server, 'openLoop').mockRejectedValueOnce(lost).mockRejectedValueOnce(refused).mockResolvedValue({ id: 'l1', number: 'YH-1' } as LoopView)
    const wrapper = form('org1')
    await fill(wrapper)
    await send(wrapper)
    await send(wrapper)
    expect(wrapper.find('[data-field="what"] [role="alert"]').text()).toBe('内容过长或附件过多')
    await send(wrapper)
    expect(open.mock.calls[0]![0]).toEqual({ kind: 'hazard', org: 'org1', values: { what: '报警器失效', source: 'patrol' } })
    expect(open.mock.calls[1]![1]).toBe(open.mock.calls[0]![1])
    expect(open.mock.calls[2]![1]).not.toBe(open.mock.calls[1]![1])
    expect(wrapper.emitted('done')).toHaveLength(1)
  })

  it('keeps what is typed until it is sent, and forgets it then', async () => {
    vi.spyOn(server, 'openLoop').mockResolvedValue({ id: 'l1', number: 'YH-1' } as LoopView)
    const first = form('org1')
    await fill(first, '安全出口堵塞')
    first.unmount()
    const second = form('org1')
    expect(second.text()).toContain('上次没有提交的内容已保留')
    expect((second.find('[data-field="what"] textarea').element as HTMLTextAreaElement).value).toBe('安全出口堵塞')
    await send(second)
    second.unmount()
    expect((form('org1').find('[data-field="what"] textarea').element as HTMLTextAreaElement).value).toBe('')
  })

  it('tells the deadlines of the kind, and which of them are only suggested', () => {
    expect(form().find('.clocks').text()).toContain('评估定级 3 个工作日 某规定 · 建议值')
  })
})
