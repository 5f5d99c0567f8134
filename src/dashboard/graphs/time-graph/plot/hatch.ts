/** Diagonal lines over a part of a canvas. */
import uPlot from 'uplot'

interface Box {
  left: number
  top: number
  width: number
  height: number
}

export function hatch(ctx: CanvasRenderingContext2D, { left, top, width, height }: Box, colour: string): void {
  const step = 6 * uPlot.pxRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.25 * uPlot.pxRatio
  ctx.beginPath()
  for (let x = left - height; x < left + width; x += step) {
    ctx.moveTo(x, top + height)
    ctx.lineTo(x + height, top)
  }
  ctx.stroke()
  ctx.restore()
}
