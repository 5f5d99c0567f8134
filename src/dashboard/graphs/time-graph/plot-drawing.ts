/** What uPlot does not draw itself: what is not over, the earlier range over bars, and marks. In canvas pixels. */
import uPlot from 'uplot'
import { hatch } from './hatch.ts'
import type { ColouredScene } from './scene.ts'

/** How much of its point a bar takes, and its width at most in CSS pixels. */
export const BAR = { share: 0.62, most: 56 }

const xOf = (plot: uPlot, index: number) => plot.valToPos(index, 'x', true)
const yOf = (plot: uPlot, value: number) => plot.valToPos(value, 'y', true)

/** How wide a point is. */
const columnOf = (plot: uPlot, { count }: ColouredScene) =>
  count > 1 ? Math.abs(xOf(plot, 1) - xOf(plot, 0)) : plot.bbox.width

/** Behind the points that are not over. */
export function drawOpenBands(plot: uPlot, scene: ColouredScene): void {
  const { left, top, width, height } = plot.bbox
  const wide = Math.max(columnOf(plot, scene), 8 * uPlot.pxRatio)
  for (const open of openPoints(scene)) {
    const centre = xOf(plot, open)
    const from = Math.max(left, scene.isBars ? centre - wide / 2 : centre - wide)
    const to = Math.min(left + width, scene.isBars ? centre + wide / 2 : centre)
    hatch(plot.ctx, { left: from, top, width: to - from, height }, scene.colours.line)
  }
}

const openPoints = ({ lines }: ColouredScene) => new Set(lines.map(({ open }) => open).filter(open => open >= 0))

/** From the last point that is over to the one that is not: dashed, with an empty dot. */
export function drawOpenTails(plot: uPlot, { lines, colours }: ColouredScene): void {
  const { ctx } = plot
  for (const [i, { values, open }] of lines.entries()) {
    const value = values[open]
    if (value === null || value === undefined) continue
    const before = values[open - 1]
    ctx.save()
    ctx.strokeStyle = colours.series[i]!
    ctx.fillStyle = colours.card
    ctx.lineWidth = 2 * uPlot.pxRatio
    ctx.setLineDash([3, 3].map(length => length * uPlot.pxRatio))
    ctx.beginPath()
    if (before !== null && before !== undefined) ctx.moveTo(xOf(plot, open - 1), yOf(plot, before))
    ctx.lineTo(xOf(plot, open), yOf(plot, value))
    ctx.stroke()
    ctx.setLineDash([])
    ctx.beginPath()
    ctx.arc(xOf(plot, open), yOf(plot, value), 3.5 * uPlot.pxRatio, 0, 2 * Math.PI)
    ctx.fill()
    ctx.stroke()
    ctx.restore()
  }
}

/** The bar of the point that is not over. */
export function drawOpenBar(plot: uPlot, scene: ColouredScene): void {
  const { ctx } = plot
  const { values, open } = scene.lines[0]!
  const value = values[open]
  if (!value) return
  const width = Math.min(columnOf(plot, scene) * BAR.share, BAR.most * uPlot.pxRatio)
  const [top, bottom] = [yOf(plot, Math.max(value, 0)), yOf(plot, Math.min(value, 0))]
  const bar = { left: xOf(plot, open) - width / 2, top, width, height: bottom - top }
  ctx.save()
  ctx.fillStyle = scene.colours.card
  ctx.fillRect(bar.left, bar.top, bar.width, bar.height)
  hatch(ctx, bar, scene.colours.series[0]!)
  ctx.strokeStyle = scene.colours.series[0]!
  ctx.lineWidth = 1.5 * uPlot.pxRatio
  ctx.strokeRect(bar.left, bar.top, bar.width, bar.height)
  ctx.restore()
}

/** Over each bar, a line at the value of the earlier range. */
export function earlierCaps(plot: uPlot, series: number, first: number, last: number): uPlot.Series.Paths {
  const stroke = new Path2D()
  const half = (plot.bbox.width / plot.data[0].length) * 0.45
  for (let i = first; i <= last; i++) {
    const value = plot.data[series]![i]
    if (value === null || value === undefined) continue
    stroke.moveTo(xOf(plot, i) - half, yOf(plot, value))
    stroke.lineTo(xOf(plot, i) + half, yOf(plot, value))
  }
  return { stroke, fill: null }
}

/** A thin line with a flag at each point with marks, and the first one's label where there is room. */
export function drawMarks(plot: uPlot, { marks, colours, font }: ColouredScene): void {
  const { ctx, bbox } = plot
  const px = uPlot.pxRatio
  const indexes = [...marks.keys()]
  ctx.save()
  ctx.font = `${12 * px}px ${font}`
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colours.inkSoft
  ctx.strokeStyle = colours.inkSoft
  ctx.lineWidth = px
  for (const [i, index] of indexes.entries()) {
    const x = Math.round(xOf(plot, index)) + px / 2
    const top = bbox.top - 18 * px
    ctx.setLineDash([2 * px, 3 * px])
    line(ctx, x, top, bbox.top + bbox.height)
    ctx.setLineDash([])
    flag(ctx, x, top, 8 * px)
    const next = indexes[i + 1]
    const room = (next === undefined ? bbox.left + bbox.width : xOf(plot, next)) - x - 16 * px
    const label = labelOf(marks.get(index)!)
    if (ctx.measureText(label).width <= room) ctx.fillText(label, x + 12 * px, top + 4.5 * px)
  }
  ctx.restore()
}

const labelOf = (marks: readonly { label: string }[]): string =>
  marks.length === 1 ? marks[0]!.label : `${marks[0]!.label} +${marks.length - 1}`

function line(ctx: CanvasRenderingContext2D, x: number, top: number, bottom: number): void {
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, bottom)
  ctx.stroke()
}

function flag(ctx: CanvasRenderingContext2D, x: number, top: number, size: number): void {
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x + size, top + size / 2)
  ctx.lineTo(x, top + size)
  ctx.fill()
}
