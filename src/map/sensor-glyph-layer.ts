/**
 * Draws each sensor as a mark whose ink shows the age of its value, all of them in one draw call.
 *
 * The marks are drawn in the fragment shader of deck's ScatterplotLayer: positions, radii and
 * picking stay deck's. Which mark it is travels in the fourth byte of the fill colour, so a new
 * value costs four bytes.
 */
import { ScatterplotLayer } from '@deck.gl/layers'
import { DAY_RIM } from './map-palette.ts'

/** Drying ink: fresh is solid, then paler, then hollow, then only a cross where the sensor was. */
export const INKS = ['fresh', 'ageing', 'stale', 'lost', 'clock-error', 'no-data', 'ghost'] as const
export type Ink = (typeof INKS)[number]

/** In the ink's byte: not drawn and never picked. A sensor without a position keeps its place in the buffers, so a mark's index is its row. */
export const NO_MARK = 255

/** Room around the body for the casing, which keeps marks apart and gives the pointer something to hit. */
const MARGIN_PX = 2

const FRAGMENT = /* glsl */ `#version 300 es
#define SHADER_NAME sensor-glyph-fragment
precision highp float;

in vec4 vFillColor;
in vec4 vLineColor;
in vec2 unitPosition;
in float outerRadiusPixels;
flat in float vInk;
flat in float vOpacity;
out vec4 fragColor;

const float MARGIN = ${MARGIN_PX.toFixed(1)};

// Painter's "over" on straight alpha.
vec4 over(vec4 below, vec4 above) {
  float a = above.a + below.a * (1.0 - above.a);
  return a == 0.0 ? vec4(0.0) : vec4((above.rgb * above.a + below.rgb * below.a * (1.0 - above.a)) / a, a);
}

void main(void) {
  geometry.uv = unitPosition;
  vec2 at = unitPosition * outerRadiusPixels;
  float px = length(at);
  if (px > outerRadiusPixels + 0.5) discard;

  float soft = max(fwidth(px), 0.001);
  float body = outerRadiusPixels - MARGIN;
  // Strokes keep their share of a mark that is drawn large, as on a wall.
  float pen = clamp(body / 7.0, 1.0, 1.8);
  #define DISC(radius) clamp(((radius) - px) / soft + 0.5, 0.0, 1.0)
  #define RING(radius, width) clamp(DISC(radius) - DISC((radius) - (width) * pen), 0.0, 1.0)

  vec3 colour = vFillColor.rgb;
  vec3 paper = vLineColor.rgb;
  // On light paper a pale class needs a darker rim to be seen at all; a dark one hides it.
  vec3 rim = dot(paper, vec3(0.299, 0.587, 0.114)) > 0.5 ? colour * ${DAY_RIM} : colour;
  vec4 mark;

  if (vInk < 1.5) {
    // Fresh, and ageing at 60 % on paper, so that what lies below does not change the colour.
    mark = vec4(paper, DISC(body + 1.0));
    vec3 fill = mix(colour, rim, RING(body, 1.0));
    mark = over(mark, vec4(vInk < 0.5 ? fill : mix(paper, fill, 0.6), DISC(body)));
  } else if (vInk < 2.5) {
    // Stale: a dashed ring around paper.
    float turn = atan(at.y, at.x) / 6.2831853 + 0.5;
    float dash = smoothstep(0.0, 0.06, 0.32 - abs(fract(turn * max(5.0, floor(body * 0.9))) - 0.5));
    mark = vec4(paper, DISC(body + 1.0) * 0.92);
    mark = over(mark, vec4(rim, RING(body, 1.9) * dash));
  } else if (vInk < 3.5) {
    // Lost: a cross where the sensor was.
    float arm = min(abs(at.x - at.y), abs(at.x + at.y)) * 0.7071068;
    float armSoft = max(fwidth(at.x), 0.001);
    mark = vec4(paper, clamp((1.9 * pen - arm) / armSoft + 0.5, 0.0, 1.0) * DISC(body + 0.75));
    mark = over(mark, vec4(colour, clamp((0.85 * pen - arm) / armSoft + 0.5, 0.0, 1.0) * DISC(body - 0.25)));
  } else if (vInk < 4.5) {
    // A clock that is wrong: a ring around a point.
    mark = vec4(paper, DISC(body + 1.0));
    mark = over(mark, vec4(colour, max(RING(body, 1.4), DISC(1.6 * pen))));
  } else if (vInk < 5.5) {
    // Nothing measured: a thin ring, nothing in it.
    mark = vec4(paper, DISC(body + 1.0) * 0.6);
    mark = over(mark, vec4(colour, RING(body, 1.2)));
  } else {
    // Ghost: a grey point that says "something is here".
    mark = vec4(colour, DISC(body * 0.6) * 0.55);
  }

  fragColor = vec4(mark.rgb, mark.a * vOpacity);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}
`

export class SensorGlyphLayer extends ScatterplotLayer {
  static override layerName = 'SensorGlyphLayer'

  override getShaders(): ReturnType<ScatterplotLayer['getShaders']> {
    return {
      ...super.getShaders(),
      fs: FRAGMENT,
      inject: {
        'vs:#decl': 'flat out float vInk;\nflat out float vOpacity;',
        'vs:#main-end': `vInk = floor(instanceFillColors.a * 255.0 + 0.5);
vOpacity = layer.opacity;
if (vInk > ${NO_MARK}.0 - 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);`,
      },
    }
  }
}

/** What the layer needs to draw these marks, whatever its data. */
export const GLYPH_PROPS = {
  stroked: true,
  radiusUnits: 'pixels',
  lineWidthUnits: 'pixels',
  // Half the line is outside the radius: this makes the outer edge the body plus its margin.
  getLineWidth: 2 * MARGIN_PX,
} as const
