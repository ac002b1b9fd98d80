/**
 * A deck.gl layer whose marks come from kept columns: it owns their GPU buffers and renders one layer
 * of marks from them. The buffers are made with the layer and go with it, so a layer that is given to
 * a new graphics context fills new ones from the columns, which the page keeps.
 */
import { CompositeLayer, type GetPickingInfoParams, type Layer, type LayerContext, type LayerProps, type PickingInfo, type UpdateParameters } from '@deck.gl/core'
import { createInstanceBuffers, type InstanceBuffers, type InstanceData } from './instance-buffers.ts'
import type { InstanceRows } from './instance-rows.ts'

export interface InstanceLayerProps extends LayerProps {
  readonly rows: InstanceRows
  /** Comes back with a pick: a pointer's pick can be older than the newest rows. */
  readonly drawn?: unknown
  /** Makes the layer of marks from what every deck layer needs and the buffers. */
  readonly marks: (props: Record<string, unknown>) => Layer
  /** Goes to the marks as it is. */
  readonly look: Readonly<Record<string, unknown>>
}

/** What a picked mark was drawn from. */
export interface PickedInstance {
  readonly position: readonly [lon: number, lat: number]
  readonly drawn: unknown
  /** Row of what was picked, where its layer counts otherwise. */
  readonly index?: number
}

export class InstanceLayer extends CompositeLayer<Required<InstanceLayerProps>> {
  static override layerName = 'InstanceLayer'
  declare state: { buffers: InstanceBuffers; data: InstanceData }

  override initializeState(): void {
    this.state = { buffers: createInstanceBuffers(this.context.device), data: { length: 0, attributes: {} } }
  }

  override updateState({ props }: UpdateParameters<this>): void {
    this.state.data = this.state.buffers.sync(props.rows)
    // The marks do not see what was written into their buffers.
    this.setNeedsRedraw()
  }

  override finalizeState(context: LayerContext): void {
    super.finalizeState(context)
    this.state.buffers.destroy()
  }

  override getPickingInfo({ info }: GetPickingInfoParams): PickingInfo {
    const positions = this.props.rows.columns.find(({ accessor }) => accessor === 'getPosition')?.values
    const { index } = info
    if (index >= 0 && positions !== undefined) {
      info.object = { position: [positions[2 * index]!, positions[2 * index + 1]!], drawn: this.props.drawn } satisfies PickedInstance
    }
    return info
  }

  override renderLayers(): Layer {
    const { marks, look } = this.props
    return marks({ ...this.getSubLayerProps({ id: 'marks' }), ...look, data: this.state.data })
  }
}
