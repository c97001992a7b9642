import type { Font } from '../exporter.js';
import { LIGHT } from '../figure/palette.js';
import type { ScatterLayout } from '../figure/scatter-types.js';
import type { FigureLayout } from '../figure/types.js';
import { renderLayout } from './figure.js';
import { renderScatterLayout } from './scatter.js';
import { coordinate } from './svg.js';

/** The rules of `report.css` that a figure needs, with the colours of light. */
const STYLE = `
text{fill:${LIGHT.ink};font-family:"IBM Plex Sans",sans-serif;font-size:13px;dominant-baseline:central}
.tick,.axis-title{fill:${LIGHT.soft};font-size:12px;text-anchor:middle}
.absent{fill:${LIGHT.soft};font-size:12px}
.grid{stroke:${LIGHT.line}}
.row-rule{stroke:${LIGHT.faint}}
.reference{stroke:${LIGHT.ink};stroke-width:1.5}
.rule{fill:${LIGHT.ink}}
.start{text-anchor:start}
.panel-title{font-weight:600}
.number,.absent{paint-order:stroke;stroke:${LIGHT.page};stroke-width:4px;stroke-linejoin:round}
.number,.words{font-size:12px}
.bar{stroke:currentColor;stroke-width:1}
.hatching rect,.hatching path{fill:currentColor}
.hatching .tint{fill-opacity:.22}
.hatching path{fill:none;stroke:currentColor;stroke-width:1.6}
.error{fill:none;stroke:${LIGHT.ink};stroke-width:1.5}
.error-halo{fill:none;stroke:${LIGHT.page};stroke-width:4}
.published{fill:${LIGHT.page};stroke:${LIGHT.soft};stroke-width:1.75}
.band{fill:none}
.scatter .leader{fill:none;stroke:${LIGHT.line}}
.scatter .edge{stroke:${LIGHT.soft}}
.scatter .mark{fill:currentColor;stroke:${LIGHT.page}}
.scatter .interval{fill:none;stroke:currentColor;stroke-width:1.5}
.scatter .end{text-anchor:end}
.scatter .halo{paint-order:stroke;stroke:${LIGHT.page};stroke-width:4px;stroke-linejoin:round}
`;

/** A figure as an SVG file of this width in millimetres, with its font and colours inside. */
export function renderSvgFile(layout: FigureLayout | ScatterLayout, widthMm: number, fonts: readonly Font[]): string {
  const faces = fonts.map(
    ({ family, weight, data }) =>
      `@font-face{font-family:"${family}";font-weight:${weight};src:url(data:font/woff2;base64,${data}) format("woff2")}`,
  );
  const series = LIGHT.series.map((colour, index) => `.series-${index}{color:${colour}}`);
  const height = coordinate((widthMm * layout.height) / layout.width);
  const frame = {
    attributes: ` xmlns="http://www.w3.org/2000/svg" width="${coordinate(widthMm)}mm" height="${height}mm"`,
    style:
      `<style>${faces.join('')}${STYLE}${series.join('')}</style>` +
      `<rect width="${coordinate(layout.width)}" height="${coordinate(layout.height)}" fill="${LIGHT.page}"/>`,
  };
  return layout.form === 'bars' ? renderLayout(layout, 'figure', frame) : renderScatterLayout(layout, 'figure', frame);
}
