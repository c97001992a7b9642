'use strict';
// What chartjs-node-canvas calls of the package `canvas`, which downloads or compiles when it is installed. Here the same
// calls reach @napi-rs/canvas, whose binaries are npm packages.
const { createCanvas, GlobalFonts, Image } = require('@napi-rs/canvas');

/** node-canvas: `registerFont(path, { family })`. Throws when the file is no font, which would draw no text at all. */
function registerFont(path, { family }) {
  if (!GlobalFonts.registerFromPath(path, family)) throw new Error(`${path} is not a font that can be drawn with`);
}

/** node-canvas: `canvas.toBuffer(callback, type)` and `canvas.toBuffer(type)`; here only the second is built in. */
function create(width, height) {
  const canvas = createCanvas(width, height);
  const encode = canvas.toBuffer.bind(canvas);
  canvas.toBuffer = (first, type = 'image/png') => {
    if (typeof first !== 'function') return encode(first ?? type);
    canvas.encode(type.replace('image/', '')).then(
      (bytes) => first(null, bytes),
      (error) => first(error),
    );
    return undefined;
  };
  return canvas;
}

module.exports = { createCanvas: create, registerFont, Image };
