/** Draws marks: a thin line at each, with a flag. In canvas pixels. */
import uPlot from 'uplot'
import type { Mark } from '../graph-data.ts'
import type { ColouredScene } from './scene.ts'

/** CSS pixels from a flag to the next one; those that are nearer have one together. */
const FLAG_SPACE = 14

interface Flag {
  x: number
  marks: readonly Mark[]
}

export function drawMarks(plot: uPlot, { marks, colours, font }: ColouredScene): void {
  const { ctx, bbox } = plot
  const px = uPlot.pxRatio
  const lines = [...marks].map(([index, marks]) => ({ x: Math.round(plot.valToPos(index, 'x', true)) + px / 2, marks }))
  const top = bbox.top - 18 * px
  ctx.save()
  ctx.font = `${12 * px}px ${font}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colours.inkSoft
  ctx.strokeStyle = colours.inkSoft
  ctx.lineWidth = px
  ctx.setLineDash([2 * px, 3 * px])
  for (const { x } of lines) drawLine(ctx, x, top, bbox.top + bbox.height)
  const flags = flagsOf(lines, FLAG_SPACE * px)
  for (const [i, { x, marks }] of flags.entries()) {
    drawFlag(ctx, x, top, 9 * px)
    const room = (flags[i + 1]?.x ?? bbox.left + bbox.width + 20 * px) - x - 18 * px
    const label = marks.length === 1 ? marks[0]!.label : `${marks[0]!.label} +${marks.length - 1}`
    if (ctx.measureText(label).width <= room) ctx.fillText(label, x + 13 * px, top + 5 * px)
  }
  ctx.restore()
}

/** The flag of marks that stand close together is at the last of them. */
function flagsOf(lines: readonly Flag[], space: number): Flag[] {
  const flags: Flag[] = []
  for (const { x, marks } of lines) {
    const before = flags.at(-1)
    if (before && x - before.x < space) flags[flags.length - 1] = { x, marks: [...before.marks, ...marks] }
    else flags.push({ x, marks })
  }
  return flags
}

function drawLine(ctx: CanvasRenderingContext2D, x: number, top: number, bottom: number): void {
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, bottom)
  ctx.stroke()
}

function drawFlag(ctx: CanvasRenderingContext2D, x: number, top: number, size: number): void {
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x + size, top + size / 2)
  ctx.lineTo(x, top + size)
  ctx.fill()
}
