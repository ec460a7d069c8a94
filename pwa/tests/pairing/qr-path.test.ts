import { describe, expect, it } from 'vitest';
import { qrPath } from '../../src/pairing/qr-path';

const LINK = 'https://ajar.example/#join=Zm9vYmFyYmF6cXV4cXV1eA';

describe('the QR code as one path', () => {
  it('leaves four light modules on every side', async () => {
    const { path, size } = await qrPath(LINK);
    const squares = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(squares.map(([x]) => x).toSorted((one, other) => Number(one) - Number(other))[0]).toBe(4);
    expect(Math.max(...squares.flat().map(Number))).toBe(size - 5);
    expect(squares.map(([x, y]) => `M${x} ${y}h1v1h-1z`).join('')).toBe(path);
  });

  it('draws the three corners that a camera looks for', async () => {
    const { path, size } = await qrPath(LINK);
    for (const [x, y] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ]) {
      expect(path).toContain(`M${x} ${y}h1v1h-1z`);
    }
  });
});
