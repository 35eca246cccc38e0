import { writeFile } from 'node:fs/promises';
import type { Picture } from '../../support/pictures.ts';

/** A picture, and for how many frames it is held before the camera. */
export interface Scene {
  readonly picture: Picture;
  readonly frames: number;
}

/** What Chromium's fake camera plays: YUV4MPEG2 with 4:2:0 samples, of which ours are grey. */
export async function writeFilm(
  path: string,
  scenes: readonly Scene[],
  { width = 640, height = 480, rate = 10 } = {},
): Promise<void> {
  const colour = Buffer.alloc((width * height) / 2, 128);
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`)];
  for (const { picture, frames } of scenes) {
    const grey = Buffer.alloc(width * height, 235);
    const [left, top] = [Math.floor((width - picture.width) / 2), Math.floor((height - picture.height) / 2)];
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) {
        const [u, v] = [left + x, top + y];
        if (u >= 0 && v >= 0 && u < width && v < height) grey[v * width + u] = picture.at(x, y);
      }
    }
    for (let frame = 0; frame < frames; frame++) parts.push(Buffer.from('FRAME\n'), grey, colour);
  }
  await writeFile(path, Buffer.concat(parts));
}

/** A picture as a lens out of focus sees it: each pixel the mean of those around it. */
export function blurred({ width, height, at }: Picture, radius: number): Picture {
  return {
    width,
    height,
    at: (x, y) => {
      let [sum, count] = [0, 0];
      for (let dy = -radius; dy <= radius; dy++) {
        for (let dx = -radius; dx <= radius; dx++) {
          const [u, v] = [x + dx, y + dy];
          if (u < 0 || v < 0 || u >= width || v >= height) continue;
          sum += at(u, v);
          count += 1;
        }
      }
      return Math.round(sum / count);
    },
  };
}

/** A phone's screen under a lamp: less contrast, a bright spot that washes part of it out, and noise. */
export function glaring({ width, height, at }: Picture): Picture {
  const [lampX, lampY, size] = [width * 0.62, height * 0.35, Math.min(width, height) * 0.3];
  return {
    width,
    height,
    at: (x, y) => {
      const shine = Math.max(0, 1 - Math.hypot(x - lampX, y - lampY) / size);
      const noise = ((x * 7919 + y * 104_729) % 23) - 11;
      const level = 60 + at(x, y) * 0.6 + noise;
      return Math.max(0, Math.min(255, Math.round(level + shine * 110)));
    },
  };
}
