import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import FileDrop from './FileDrop.vue'

const file = (name: string, type: string, bytes = 10): File => new File([new Uint8Array(bytes)], name, { type })
const drop = async (files: File[], props: Record<string, unknown>) => {
  const box = mount(FileDrop, { props: { accept: '.docx,.pdf,image/*', ...props } })
  await box.get('label').trigger('drop', { dataTransfer: { files } })
  return box
}

test('good files pass, each bad one is named with the reason', async () => {
  const box = await drop([file('通知.docx', ''), file('照片.JPG', 'image/jpeg'), file('表.exe', ''), file('空.pdf', 'application/pdf', 0), file('大.pdf', 'application/pdf', 3000)], { multiple: true, maxBytes: 2048 })
  expect((box.emitted('files')![0]![0] as File[]).map((one) => one.name)).toEqual(['通知.docx', '照片.JPG'])
  const said = box.get('[role=alert]').text()
  expect(said).toContain('“表.exe”的格式不对')
  expect(said).toContain('“空.pdf”是空文件')
  expect(said).toContain('“大.pdf”有 3 KB，超过上限 2 KB')
})

test('where one file is wanted only the first is taken', async () => {
  const box = await drop([file('甲.pdf', ''), file('乙.pdf', '')], {})
  expect((box.emitted('files')![0]![0] as File[]).map((one) => one.name)).toEqual(['甲.pdf'])
})
