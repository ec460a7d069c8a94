/** A QR code as one SVG path; the encoder is loaded only when somebody asks for it. */

/** Light modules around the code, without which cameras do not find it. */
const QUIET = 4;

/** @returns a path of unit squares, dark ones only, in a square of `size` units. */
export async function qrPath(text: string): Promise<{ path: string; size: number }> {
  const { default: encode } = await import('qr');
  const rows = encode(text, 'raw', { border: QUIET });
  const path = rows.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return { path, size: rows.length };
}
