/** The options of uPlot: scales, axes and lines. The scene is asked for in each drawing, so that new data needs no new plot. */
import uPlot from 'uplot'
import { DASHES, EARLIER_DASH } from '../dashes.ts'
import { drawMarks } from './mark-drawing.ts'
import { BAR, drawOpenBands, drawOpenBar, drawOpenTails } from './open-drawing.ts'
import type { ColouredScene } from './scene.ts'

/** CSS pixels from point to point from which on they have dots. */
const DOT_SPACE = 16

type CurrentScene = () => ColouredScene

export function plotOptions(size: { width: number; height: number }, scene: CurrentScene): uPlot.Options {
  return {
    ...size,
    // The crosshair is the page's own: it is moved by keys too.
    cursor: { show: false },
    legend: { show: false },
    padding: [() => (scene().marks.size > 0 ? 26 : 10), 22, 0, 0],
    scales: {
      x: { time: false, range: () => horizontalRange(scene()) },
      y: { range: () => [scene().valueTicks[0]!, scene().valueTicks.at(-1)!] },
    },
    axes: [dateAxis(scene), valueAxis(scene)],
    series: [{}, ...(scene().earlier ? [earlierSeries(scene)] : []), ...scene().lines.map((_, i) => series(scene, i))],
    hooks: {
      drawClear: [plot => drawOpenBands(plot, scene())],
      draw: [
        plot => (scene().isBars ? drawOpenBar(plot, scene()) : drawOpenTails(plot, scene())),
        plot => drawMarks(plot, scene()),
      ],
    },
  }
}

/** What uPlot draws: the points by their index, and the values of what is over. */
export function alignedData({ count, earlier, lines }: ColouredScene): uPlot.AlignedData {
  const indexes = Array.from({ length: count }, (_, i) => i)
  const over = lines.map(({ values, open }) => values.map((value, i) => (i === open ? null : value)))
  return [indexes, ...(earlier ? [earlier.values] : []), ...over]
}

/** Bars, and a single point, have half a point of room at each side. */
function horizontalRange({ count, isBars }: ColouredScene): [number, number] {
  const room = isBars || count < 2 ? 0.5 : 0
  return [-room, Math.max(0, count - 1) + room]
}

function dateAxis(scene: CurrentScene): uPlot.Axis {
  const ticks = (plot: uPlot) => scene().dateTicks(plot.width - 60)
  return {
    ...textOf(scene),
    size: 46,
    gap: 6,
    lineGap: 1.35,
    grid: { show: false },
    ticks: { stroke: () => scene().colours.line, width: 1, size: 5 },
    border: { show: true, stroke: () => scene().colours.line, width: 1 },
    splits: plot => ticks(plot).map(({ index }) => index),
    values: plot => ticks(plot).map(({ label }) => label),
  }
}

function valueAxis(scene: CurrentScene): uPlot.Axis {
  return {
    ...textOf(scene),
    size: (plot, values) => {
      plot.ctx.font = `${12 * uPlot.pxRatio}px ${scene().font}`
      const widest = Math.max(0, ...(values ?? []).map(value => plot.ctx.measureText(value).width))
      return Math.ceil(widest / uPlot.pxRatio) + 12
    },
    gap: 8,
    grid: { stroke: () => scene().colours.line, width: 1 },
    ticks: { show: false },
    splits: () => [...scene().valueTicks],
    values: (_, splits) => splits.map(value => scene().formatTick(value)),
  }
}

const textOf = (scene: CurrentScene): uPlot.Axis => ({
  stroke: () => scene().colours.inkSoft,
  font: `12px ${scene().font}`,
})

/** Behind the current one. As a bar it is wider, so that both are seen whichever is higher. */
function earlierSeries(scene: CurrentScene): uPlot.Series {
  const { isBars } = scene()
  return {
    stroke: () => scene().colours.earlier,
    width: isBars ? 1.5 : 2,
    dash: EARLIER_DASH,
    fillTo: 0,
    ...(isBars && { fill: () => scene().colours.area[1] }),
    paths: isBars ? uPlot.paths.bars!({ size: [BAR.share * 1.35, BAR.most * 1.35] }) : uPlot.paths.linear!(),
    points: { show: false },
  }
}

function series(scene: CurrentScene, index: number): uPlot.Series {
  const colour = () => scene().colours.series[index]!
  if (scene().isBars) {
    const paths = uPlot.paths.bars!({ size: [BAR.share, BAR.most], radius: [0.1, 0] })
    return { fill: colour, width: 0, paths, fillTo: 0, points: { show: false } }
  }
  return {
    stroke: () => (scene().isDense ? scene().colours.earlier : colour()),
    width: scene().isDense ? 1 : 2,
    dash: DASHES[index]!,
    paths: uPlot.paths.linear!(),
    fillTo: 0,
    ...(scene().lines.length === 1 && { fill: (plot: uPlot) => areaOf(plot, scene()) }),
    points: { show: plot => spaceOf(plot, scene()) >= DOT_SPACE, size: 6, width: 2, fill: () => scene().colours.card },
  }
}

const spaceOf = ({ bbox }: uPlot, { count }: ColouredScene) => bbox.width / uPlot.pxRatio / count

function areaOf({ ctx, bbox }: uPlot, { colours }: ColouredScene): CanvasGradient {
  const area = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height)
  area.addColorStop(0, colours.area[0])
  area.addColorStop(1, colours.area[1])
  return area
}
