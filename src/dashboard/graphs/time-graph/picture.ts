/** A picture of a time graph to keep: title, range and legend above what is drawn, on the theme's background. */
import { readColours } from '../colours.ts'
import { DASHES, EARLIER_DASH } from './dashes.ts'
import type { GraphData } from './graph-data.ts'

interface Picture {
  title: string
  /** The range, and the unit. */
  subtitle: string
  data: Pick<GraphData, 'series' | 'earlier'>
}

const MARGIN = 20
const HEAD = 58
const LEGEND = 24

/** As PNG, as sharp as the screen. */
export function pictureOf(graph: HTMLCanvasElement, { title, subtitle, data }: Picture): Promise<Blob> {
  const colours = readColours(graph.parentElement!)
  const scale = graph.width / graph.clientWidth
  const names = [...data.series, ...(data.earlier ? [data.earlier] : [])].map(({ name }) => name)
  const top = MARGIN + HEAD + (names.length > 1 ? LEGEND : 0)
  const picture = document.createElement('canvas')
  picture.width = graph.width + 2 * MARGIN * scale
  picture.height = graph.height + (top + MARGIN) * scale
  const ctx = picture.getContext('2d')!
  const font = getComputedStyle(graph).fontFamily
  ctx.fillStyle = colours.card
  ctx.fillRect(0, 0, picture.width, picture.height)
  ctx.drawImage(graph, MARGIN * scale, top * scale)
  ctx.scale(scale, scale)
  ctx.textBaseline = 'top'
  ctx.fillStyle = colours.ink
  ctx.font = `600 18px ${font}`
  ctx.fillText(title, MARGIN, MARGIN, graph.clientWidth)
  ctx.fillStyle = colours.inkSoft
  ctx.font = `13px ${font}`
  ctx.fillText(subtitle, MARGIN, MARGIN + 26, graph.clientWidth)
  if (names.length > 1) drawLegend()
  return new Promise((resolve, reject) =>
    picture.toBlob(blob => (blob ? resolve(blob) : reject(new Error('the browser made no picture')))),
  )

  function drawLegend(): void {
    let x = MARGIN
    const y = MARGIN + HEAD
    ctx.textBaseline = 'middle'
    ctx.lineWidth = 2.5
    for (const [i, name] of names.entries()) {
      const isEarlier = data.earlier !== undefined && i === names.length - 1
      ctx.strokeStyle = isEarlier ? colours.earlier : colours.series[i]!
      ctx.setLineDash(isEarlier ? EARLIER_DASH : DASHES[i]!)
      ctx.beginPath()
      ctx.moveTo(x, y)
      ctx.lineTo(x + 22, y)
      ctx.stroke()
      ctx.fillText(name, x + 30, y)
      x += 30 + ctx.measureText(name).width + 18
    }
  }
}
