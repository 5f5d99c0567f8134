/** The drawing of a time graph by uPlot, with its crosshair. Loaded when the first graph is shown. */
import 'uplot/dist/uPlot.min.css'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { useFormats } from '../../../language/formats.ts'
import { useTexts } from '../../../language/language.tsx'
import { readColours, useThemeVersion } from '../../colours.ts'
import { texts } from '../../texts.ts'
import type { GraphData } from '../graph-data.ts'
import styles from '../time-graph.module.css'
import { Crosshair } from './crosshair.tsx'
import { alignedData, plotOptions } from './plot-options.ts'
import { type ColouredScene, type Scene, sceneOf } from './scene.ts'

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

  const size = useSize(mount)
  const hasSize = size !== undefined
  const sizeRef = useRef(size)
  useLayoutEffect(() => {
    sizeRef.current = size
  }, [size])
  // Another number or kind of lines takes another plot; other values do not.
  const lines = `${scene.lines.length} ${scene.earlier !== undefined} ${scene.isBars} ${scene.isDense}`
  useLayoutEffect(() => {
    void lines
    if (!hasSize) return
    const options = plotOptions(sizeRef.current!, () => current.current!)
    const made = new uPlot(options, alignedData(current.current!), mount.current!)
    made.hooks.draw!.push(() => setDrawing(before => before + 1))
    drawn.current = current.current
    setPlot(made)
    return () => made.destroy()
  }, [lines, hasSize])

  useLayoutEffect(() => {
    if (plot && size && (plot.width !== size.width || plot.height !== size.height)) plot.setSize(size)
  }, [plot, size])

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

interface Size {
  width: number
  height: number
}

/**
 * The size of an element in CSS pixels, as the browser tells it once the page is laid out: to ask for it earlier would make
 * the browser lay out the page in the midst of rendering it.
 */
function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>()
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      setSize({ width, height })
    })
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [element])
  return size
}
