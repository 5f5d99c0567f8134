/** The drawing of a time graph by uPlot, with its crosshair. Loaded when the first graph is shown. */
import 'uplot/dist/uPlot.min.css'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { useFormats } from '../../language/formats.ts'
import { useTexts } from '../../language/language.tsx'
import { readColours, useThemeVersion } from '../colours.ts'
import { texts } from '../texts.ts'
import { Crosshair } from './crosshair.tsx'
import type { GraphData } from './graph-data.ts'
import { alignedData, plotOptions } from './plot-options.ts'
import { type ColouredScene, type Scene, sceneOf } from './scene.ts'
import styles from './time-graph.module.css'

interface PlotProps {
  data: GraphData
  label: string
  /** Told the canvas when there is one, for the picture. */
  onCanvas: (canvas: HTMLCanvasElement | null) => void
}

export default function Plot({ data, label, onCanvas }: PlotProps) {
  const formats = useFormats()
  const { day } = useTexts(texts)
  const scene = useMemo(() => sceneOf(data, formats, day), [data, formats, day])
  const { mount, plot, drawing } = usePlot(scene)
  useEffect(() => {
    onCanvas(plot?.ctx.canvas ?? null)
    return () => onCanvas(null)
  }, [plot, onCanvas])
  return (
    <>
      <div ref={mount} className={styles.canvas} aria-hidden="true" />
      {plot && <Crosshair key={scene.count} plot={plot} drawing={drawing} scene={scene} data={data} label={label} />}
    </>
  )
}

/** A plot of the scene in `mount`. `drawing` is another number after each drawing: places on the canvas may have moved. */
function usePlot(scene: Scene) {
  const mount = useRef<HTMLDivElement>(null)
  const current = useRef<ColouredScene>(undefined)
  const drawn = useRef<ColouredScene>(undefined)
  const [plot, setPlot] = useState<uPlot>()
  const [drawing, setDrawing] = useState(0)
  const theme = useThemeVersion()

  useLayoutEffect(() => {
    // A version of the theme is that of its colours, which are read again.
    void theme
    const element = mount.current!
    current.current = { ...scene, colours: readColours(element), font: getComputedStyle(element).fontFamily }
  }, [scene, theme])

  // Another number or kind of lines takes another plot; other values do not.
  const lines = `${scene.lines.length} ${scene.earlier !== undefined} ${scene.isBars} ${scene.isDense}`
  useLayoutEffect(() => {
    void lines
    const element = mount.current!
    const size = () => ({ width: element.clientWidth, height: element.clientHeight })
    const made = new uPlot(
      plotOptions(size(), () => current.current!),
      alignedData(current.current!),
      element,
    )
    made.hooks.draw!.push(() => setDrawing(before => before + 1))
    const observer = new ResizeObserver(() => {
      // It also tells the first size, which is drawn already.
      if (element.clientWidth !== made.width || element.clientHeight !== made.height) made.setSize(size())
    })
    observer.observe(element)
    drawn.current = current.current
    setPlot(made)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [lines])

  useLayoutEffect(() => {
    void scene
    void theme
    if (!plot || drawn.current === current.current) return
    drawn.current = current.current
    plot.setData(alignedData(current.current!))
    // Where neither axis has another range, uPlot would keep the old dates: those of the range before are as many.
    plot.redraw(false, true)
  }, [plot, scene, theme])
  return { mount, plot, drawing }
}
