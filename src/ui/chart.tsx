/**
 * A day of one measure: line, limits, gaps, on the city's clock.
 *
 * The canvas says nothing to a screen reader, so the same content is a sentence (the caller's), a cursor
 * that the arrow keys move and that speaks its point, and a real table.
 */
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { say } from '../language/say.ts'
import { ascending, lineOf, type ChartPoint } from './chart-line.ts'
import { ChartTable, lastBefore } from './chart-table.tsx'
import styles from './chart.module.css'
import controls from './controls.module.css'
import { formatClock, formatDay, formatFull } from './words/clock.ts'
import { formatNumber, formatQuantity } from './words/number.ts'

export interface ChartProps {
  readonly label: string
  readonly points: readonly ChartPoint[]
  readonly fromMs: number
  readonly toMs: number
  /** A longer silence is drawn as a gap. */
  readonly maxGapMs: number
  readonly unit: string
  readonly decimals: number
  readonly timeZone: string
  readonly limits: readonly { readonly label: string; readonly value: number }[]
  /** What is usual, over one part of the axis or over several. */
  readonly band?: ChartBand | readonly ChartBand[]
  /** Another line, dashed and with its name. */
  readonly beside?: ChartBeside
  /** In words, instead of a number: a class. */
  readonly format?: (value: number) => string
  /** For a scale of classes: the values that the axis names, ascending. */
  readonly steps?: readonly { readonly value: number; readonly label: string }[]
}

/** What is usual over a part of the axis: drawn quietly behind the line. */
export interface ChartBand {
  readonly fromMs: number
  readonly toMs: number
  readonly low: number
  readonly middle: number
  readonly high: number
}

export interface ChartBeside {
  readonly name: string
  readonly points: readonly ChartPoint[]
}

export function Chart(props: ChartProps) {
  const { label, points, unit, decimals, timeZone } = props
  const [isTable, setIsTable] = useState(false)
  const [cursor, setCursor] = useState<number | undefined>(undefined)
  const [pointedMs, setPointedMs] = useState<number | undefined>(undefined)
  const sorted = useMemo(() => ascending(points), [points])
  const format = props.format ?? ((value: number) => formatQuantity(value, decimals, unit))
  const at = cursor === undefined ? undefined : sorted[Math.min(cursor, sorted.length - 1)]
  const read = at ?? (pointedMs === undefined ? undefined : nearestTo(sorted, pointedMs))
  const besidePoints = props.beside?.points
  const besideSorted = useMemo(() => ascending(besidePoints ?? []), [besidePoints])
  const said = (point: ChartPoint | undefined): string => describe(point, format, timeZone) + besideWords(point, besideSorted, props, format)

  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span>
          {label}
          {unit !== '' && <span className={styles.unit}>, {unit}</span>}
        </span>
        <button type="button" className={`${controls.button} ${controls.quiet}`} aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          {say({ id: 'sensors.table', defaultMessage: 'Table' })}
        </button>
      </figcaption>
      {props.beside !== undefined && (
        <p className={styles.beside}>
          <svg viewBox="0 0 24 4" aria-hidden="true">
            <path d="M0 2h24" stroke="currentColor" strokeWidth="1.5" strokeDasharray="5 3" />
          </svg>
          {props.beside.name}
        </p>
      )}
      {isTable ? (
        <ChartTable label={label} points={sorted} format={format} timeZone={timeZone} {...(props.beside === undefined ? {} : { beside: { name: props.beside.name, points: besideSorted, maxGapMs: props.maxGapMs } })} />
      ) : (
        <>
          <div className={styles.canvas}>
            <Plot {...props} cursorMs={at?.ms} onPoint={setPointedMs} />
            {/* The cursor for the keyboard: the platform's own slider, seen as a line on the chart. */}
            <input
              type="range"
              className={controls.heard}
              aria-label={say({ id: 'chart.step', defaultMessage: '{label}: step through the readings' }, { label })}
              aria-valuetext={said(at ?? sorted.at(-1))}
              min={0}
              max={Math.max(0, sorted.length - 1)}
              value={cursor ?? Math.max(0, sorted.length - 1)}
              onChange={({ target }) => setCursor(target.valueAsNumber)}
              onBlur={() => setCursor(undefined)}
            />
          </div>
          <p className={styles.reading}>{read === undefined ? say({ id: 'chart.help', defaultMessage: 'Point at the line, or step through it with ← and →.' }) : said(read)}</p>
        </>
      )}
    </figure>
  )
}

interface PlotProps extends ChartProps {
  readonly cursorMs: number | undefined
  /** Instant of the reading under the pointer; undefined when it leaves. */
  onPoint(ms: number | undefined): void
}

function Plot({ points, fromMs, toMs, maxGapMs, decimals, timeZone, limits, band, beside, steps, cursorMs, onPoint }: PlotProps) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const data = useMemo<uPlot.AlignedData>(() => {
    const table = (line: readonly ChartPoint[]): uPlot.AlignedData => {
      const { xs, ys } = lineOf(line, maxGapMs)
      return [[...xs], [...ys]]
    }
    // Where only one line has an instant the other goes on; where a line was broken it stays broken.
    const [xs, ys] = table(points)
    return beside === undefined ? [xs, ys!, Array.from(xs, () => null)] : uPlot.join([[xs, ys!], table(beside.points)], [[1, 2], [1, 2]])
  }, [points, beside, maxGapMs])
  const latest = useRef({ data, fromMs, toMs, limits, band, decimals, onPoint })

  // One chart for the life of the drawer: data, size and theme change it, a new one would flicker.
  useEffect(() => {
    const element = holder.current
    if (element === null) return
    const chart = new uPlot(optionsOf(element, { timeZone, latest, steps }), latest.current.data, element)
    plot.current = chart
    const resized = new ResizeObserver(() => chart.setSize(sizeOf(element)))
    resized.observe(element)
    // The theme lives on the root element; the canvas has to be told to draw in the new ink.
    const themed = new MutationObserver(() => chart.redraw(false, true))
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const redraw = (): void => chart.redraw(false, true)
    scheme.addEventListener('change', redraw)
    return () => {
      scheme.removeEventListener('change', redraw)
      themed.disconnect()
      resized.disconnect()
      chart.destroy()
      plot.current = undefined
    }
  }, [timeZone, steps])

  useEffect(() => {
    latest.current = { data, fromMs, toMs, limits, band, decimals, onPoint }
    plot.current?.setData(data)
  }, [data, fromMs, toMs, limits, band, decimals, onPoint])

  useEffect(() => {
    const chart = plot.current
    if (chart === undefined) return
    if (cursorMs === undefined) chart.setCursor({ left: -10, top: -10 })
    else chart.setCursor({ left: chart.valToPos(cursorMs / 1_000, 'x'), top: 0 })
  }, [cursorMs])

  return <div ref={holder} className={styles.plot} />
}

type Latest = { readonly current: Pick<PlotProps, 'fromMs' | 'toMs' | 'limits' | 'decimals' | 'onPoint'> & { readonly band: ChartProps['band'] | undefined } }

interface PlotLook extends Pick<ChartProps, 'timeZone'> {
  readonly steps: ChartProps['steps'] | undefined
  readonly latest: Latest
}

function optionsOf(element: HTMLElement, { timeZone, latest, steps }: PlotLook): uPlot.Options {
  const ink = (name: string) => (): string => getComputedStyle(element).getPropertyValue(name)
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const font = `${0.75 * rem}px "Inter Variable", system-ui, sans-serif`
  const hairline = { stroke: ink('--hairline'), width: 1 }
  return {
    ...sizeOf(element),
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
    legend: { show: false },
    padding: [0.75 * rem, 0.5 * rem, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 0.5 * rem } },
    scales: {
      x: { time: true, range: () => [latest.current.fromMs / 1_000, latest.current.toMs / 1_000] },
      y: { range: (_, low, high) => (steps === undefined ? rangeOf(low, high, latest.current.limits) : [(steps[0]?.value ?? 0) - 0.5, (steps.at(-1)?.value ?? 1) + 0.5]) },
    },
    axes: [
      {
        stroke: ink('--text-3'),
        font,
        size: 1.75 * rem,
        grid: { show: false },
        ticks: { ...hairline, size: 0.25 * rem },
        border: { show: true, ...hairline },
        space: 3.5 * rem,
        values: (_, seconds) => seconds.map((second) => axisLabel(second * 1_000, timeZone)),
      },
      {
        stroke: ink('--text-3'),
        font,
        size: (steps === undefined ? 2.75 : 6) * rem,
        gap: 0.25 * rem,
        ...(steps === undefined ? {} : { splits: () => steps.map(({ value }) => value) }),
        grid: hairline,
        ticks: { show: false },
        space: (steps === undefined ? 2 : 0) * rem,
        values: (_, values) => values.map((value) => steps?.find((step) => step.value === value)?.label ?? formatNumber(value, Number.isInteger(value) ? 0 : Math.max(1, latest.current.decimals))),
      },
    ],
    series: [{}, { stroke: ink('--text-1'), width: 1.5, points: { show: false }, spanGaps: false }, { stroke: ink('--text-2'), width: 1.5, dash: [5, 3], points: { show: false }, spanGaps: false }],
    hooks: {
      setCursor: [({ cursor, data }) => latest.current.onPoint(typeof cursor.idx === 'number' && (cursor.left ?? -1) >= 0 ? Math.round((data[0][cursor.idx] ?? Number.NaN) * 1_000) : undefined)],
      drawClear: [(chart) => drawBands(chart, latest.current.band, ink('--text-3')())],
      draw: [(chart) => drawLimits(chart, latest.current.limits, { ink: ink('--text-1')(), paper: ink('--bg-2')(), font })],
    },
  }
}

/** Beneath the line and everything else: usual is where the eye compares, not what it reads. */
function drawBands(chart: uPlot, given: ChartProps['band'] | undefined, ink: string): void {
  const bands = given === undefined ? [] : 'low' in given ? [given] : given
  if (bands.length === 0) return
  const { ctx, bbox } = chart
  const at = (value: number, scale: 'x' | 'y'): number => chart.valToPos(value, scale, true)
  ctx.save()
  // What is usual may be far from what is: of the band only what the axes show.
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = ink
  for (const { fromMs, toMs, low, middle, high } of bands) {
    // Whole pixels: between neighbours there is neither a gap nor a darker seam.
    const left = Math.round(Math.max(bbox.left, at(fromMs / 1_000, 'x')))
    const right = Math.round(Math.min(bbox.left + bbox.width, at(toMs / 1_000, 'x')))
    if (!(right > left)) continue
    ctx.globalAlpha = 0.25
    ctx.fillRect(left, at(high, 'y'), right - left, Math.max(1, at(low, 'y') - at(high, 'y')))
    // Over many hours a line of middles would be read as a second measurement.
    ctx.globalAlpha = bands.length === 1 ? 1 : 0.35
    ctx.fillRect(left, at(middle, 'y'), right - left, devicePixelRatio)
  }
  ctx.restore()
}

/** Dashed, with the name on the line: nothing to decode elsewhere. */
function drawLimits(chart: uPlot, limits: ChartProps['limits'], { ink, paper, font }: { readonly ink: string; readonly paper: string; readonly font: string }): void {
  const { ctx, bbox } = chart
  const ratio = devicePixelRatio
  ctx.save()
  ctx.strokeStyle = ink
  ctx.fillStyle = ink
  ctx.font = font.replace(/^[\d.]+/, (size) => String(Number(size) * ratio * 0.95))
  ctx.lineWidth = ratio
  ctx.textBaseline = 'bottom'
  ctx.lineJoin = 'round'
  const drawn = limits
    .toSorted((a, b) => b.value - a.value)
    .map((limit) => ({ ...limit, y: chart.valToPos(limit.value, 'y', true) }))
    .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height)
  ctx.setLineDash([4 * ratio, 3 * ratio])
  for (const { y } of drawn) {
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  // Names after all lines, on a rim of paper: they stay legible where another line passes behind them.
  ctx.setLineDash([])
  ctx.lineWidth = 4 * ratio
  ctx.strokeStyle = paper
  for (const [index, { label, value, y }] of drawn.entries()) {
    // What stands in brackets is in the legend; neighbours take turns at the two ends, so they do not collide.
    const isLeft = index % 2 === 0
    ctx.textAlign = isLeft ? 'left' : 'right'
    const text = `${label.replace(/\s*\(.*\)$/, '')} ${formatNumber(value)}`
    const x = isLeft ? bbox.left + 4 * ratio : bbox.left + bbox.width - 4 * ratio
    ctx.strokeText(text, x, y - 2 * ratio)
    ctx.fillText(text, x, y - 2 * ratio)
  }
  ctx.restore()
}

/** Room above and below, and the nearest limit in sight when the line comes near it. */
function rangeOf(low: number | null, high: number | null, limits: ChartProps['limits']): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  const span = Math.max(high - low, Math.abs(high) * 0.1, 1)
  const near = limits.map(({ value }) => value).filter((value) => value > low - span * 0.6 && value < high + span * 0.6)
  const bottom = Math.min(low, ...near) - span * 0.08
  return [low >= 0 ? Math.max(0, bottom) : bottom, Math.max(high, ...near) + span * 0.12]
}

function axisLabel(ms: number, timeZone: string): string {
  const clock = formatClock(ms, timeZone)
  return clock === '00:00' ? formatDay(ms, ms, timeZone).replace(/^\S+ /, '') : clock
}

function sizeOf(element: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: Math.max(120, element.clientWidth), height: Math.max(80, element.clientHeight) }
}

function describe(point: ChartPoint | undefined, format: (value: number) => string, timeZone: string): string {
  if (point === undefined) return say({ id: 'chart.none', defaultMessage: 'no readings' })
  return `${formatFull(point.ms, timeZone)}: ${format(point.value)}`
}

/** Ascending points; the one nearest in time. */
function nearestTo(points: readonly ChartPoint[], ms: number): ChartPoint | undefined {
  let nearest: ChartPoint | undefined
  for (const point of points) if (nearest === undefined || Math.abs(point.ms - ms) <= Math.abs(nearest.ms - ms)) nearest = point
  return nearest
}

function besideWords(point: ChartPoint | undefined, points: readonly ChartPoint[], { beside, maxGapMs }: Pick<ChartProps, 'beside' | 'maxGapMs'>, format: (value: number) => string): string {
  const other = point === undefined || beside === undefined ? undefined : lastBefore(points, point.ms, maxGapMs)
  return beside === undefined || other === undefined ? '' : ` · ${beside.name}: ${format(other.value)}`
}
