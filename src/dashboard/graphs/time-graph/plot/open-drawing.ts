/** Draws what is not over: hatched, dashed or empty, so that nobody takes it for a fall. In canvas pixels. */
import uPlot from 'uplot'
import { hatch } from './hatch.ts'
import type { ColouredScene } from './scene.ts'

/** How much of its point a bar takes, and its width at most in CSS pixels. */
export const BAR = { share: 0.56, most: 64 }

/** CSS pixels, where points are narrower. */
const LEAST_BAND = 8

const xOf = (plot: uPlot, index: number) => plot.valToPos(index, 'x', true)
const yOf = (plot: uPlot, value: number) => plot.valToPos(value, 'y', true)

/** How wide a point is. */
const columnOf = (plot: uPlot, { count }: ColouredScene) =>
  count > 1 ? Math.abs(xOf(plot, 1) - xOf(plot, 0)) : plot.bbox.width

/** Behind the points that are not over; a bar has its hatching itself, unless nothing is in it yet. */
export function drawOpenBands(plot: uPlot, scene: ColouredScene): void {
  const { left, top, width, height } = plot.bbox
  if (scene.isBars) {
    const { values, open } = scene.lines[0]!
    const wide = barWidth(plot, scene)
    if (values[open] === 0) {
      hatch(plot.ctx, { left: xOf(plot, open) - wide / 2, top, width: wide, height }, scene.colours.line)
    }
    return
  }
  const wide = Math.max(columnOf(plot, scene), LEAST_BAND * uPlot.pxRatio)
  for (const open of openPoints(scene)) {
    const to = Math.min(left + width, xOf(plot, open))
    const from = Math.max(left, to - wide)
    hatch(plot.ctx, { left: from, top, width: to - from, height }, scene.colours.line)
  }
}

const barWidth = (plot: uPlot, scene: ColouredScene) =>
  Math.min(columnOf(plot, scene) * BAR.share, BAR.most * uPlot.pxRatio)

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
  const width = barWidth(plot, scene)
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
