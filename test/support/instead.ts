import type { Figures } from '../../src/storage/figures.ts'

/** The figures, whose methods are these where they are given. */
export function instead(figures: Figures, methods: Partial<Figures>): Figures {
  return new Proxy(figures, {
    get(target, name) {
      const own = methods[name as keyof Figures]
      if (own) return own
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
