/**
 * Draws each cell of the grid as a hexagon with a corner due north, as `core/geo/hex-grid` has it.
 *
 * The hexagon is cut in the fragment shader out of the disk that deck's ScatterplotLayer draws in
 * true metres: edges stay sharp at every zoom, and joints between neighbours are one screen pixel.
 * The fourth byte of the colour says how much of the tile has it: 0 nothing measured, a faint edge;
 * half, measured and nothing there, an edge around the open map; full, the tile.
 */
import { ScatterplotLayer } from '@deck.gl/layers'
import { DAY_RIM } from './map-palette.ts'

/** Translucent, so that coast and names stay readable through the tile; its edge has the full colour. */
export const FILL = 0.82

const FRAGMENT = /* glsl */ `#version 300 es
#define SHADER_NAME cell-tile-fragment
precision highp float;

in vec4 vFillColor;
in vec4 vLineColor;
in vec2 unitPosition;
in float outerRadiusPixels;
flat in float vCover;
flat in float vOpacity;
out vec4 fragColor;

void main(void) {
  geometry.uv = unitPosition;
  vec2 at = abs(unitPosition * outerRadiusPixels);
  // Distance to the nearest edge, positive inside; the edges face east and 60 degrees from it.
  float inside = outerRadiusPixels * 0.8660254 - max(at.x, 0.5 * at.x + 0.8660254 * at.y);
  float soft = max(fwidth(inside), 0.001);
  #define WITHIN(px) clamp((inside - (px)) / soft + 0.5, 0.0, 1.0)
  if (inside < -0.5) discard;

  float joint = WITHIN(0.0) - WITHIN(0.75);
  float edge = WITHIN(0.75) - WITHIN(1.75);
  float core = WITHIN(1.75);
  vec3 colour = vFillColor.rgb;
  vec3 paper = vLineColor.rgb;
  // As on the marks: a pale class needs a darker rim on light paper.
  vec3 rim = dot(paper, vec3(0.299, 0.587, 0.114)) > 0.5 ? colour * ${DAY_RIM} : colour;
  float cover = max(joint + edge + core, 0.001);
  vec4 tile = vCover > 0.75
    ? vec4((paper * joint + mix(colour, rim, 0.6) * edge + colour * core) / cover, joint * 0.8 + edge + core * ${FILL.toFixed(2)})
    : vec4(colour, edge * (vCover > 0.25 ? 1.0 : 0.55) + core * (vCover > 0.25 ? 0.08 : 0.0));

  fragColor = vec4(tile.rgb, tile.a * vOpacity);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}
`

export class CellTileLayer extends ScatterplotLayer {
  static override layerName = 'CellTileLayer'

  override getShaders(): ReturnType<ScatterplotLayer['getShaders']> {
    return {
      ...super.getShaders(),
      fs: FRAGMENT,
      inject: {
        'vs:#decl': 'flat out float vCover;\nflat out float vOpacity;',
        'vs:#main-end': 'vCover = instanceFillColors.a;\nvOpacity = layer.opacity;',
      },
    }
  }
}
