// What each address of the API takes and answers, read off the generated `paths`. Addresses are written as in the
// document, without `/api/v1`: `/duties/{id}`.
import type { paths } from './schema'

type Method = 'get' | 'post' | 'put' | 'delete'
type Known = Extract<keyof paths, `/api/v1/${string}`>

/** The addresses that answer to a method. */
export type Path<M extends Method> = { [K in Known]: paths[K] extends Record<M, object> ? (K extends `/api/v1${infer P}` ? P : never) : never }[Known]

type Operation<M extends Method, P extends Path<M>> = `/api/v1${P}` extends infer K extends Known ? (paths[K] extends Record<M, infer O> ? O : never) : never
type Parameters<O> = O extends { parameters: { path?: infer A; query?: infer Q } } ? OrNothing<Filled<A> & Words<Q>> : never
type OrNothing<T> = unknown extends T ? Record<string, never> : T
type Filled<A> = [A] extends [object] ? A : unknown
/** A query is text: a number or a yes may be given as such or as its word; empty values are left out. */
type Words<Q> = [NonNullable<Q>] extends [never] ? unknown : { [N in keyof NonNullable<Q>]: NonNullable<Q>[N] | string | null | undefined }

/** The holes in an address and its query, in one record. */
export type Ask<M extends Method, P extends Path<M>> = Parameters<Operation<M, P>>
/** Optional unless something in it is needed. */
export type Asked<M extends Method, P extends Path<M>> = Record<never, never> extends Ask<M, P> ? [ask?: Ask<M, P>] : [ask: Ask<M, P>]
/** The JSON a request carries; undefined where it carries none. */
export type Body<M extends Method, P extends Path<M>> = Operation<M, P> extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined
/** The JSON of the answer; undefined where it is empty. */
export type Answer<M extends Method, P extends Path<M>> = Operation<M, P> extends { responses: { 200: { content: { 'application/json': infer A } } } } ? A
  : Operation<M, P> extends { responses: { 204: unknown } } ? undefined : never
