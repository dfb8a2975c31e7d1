/** The straight line that is nearest to these points: how steep it is, and the standard error of that. */
export function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const sum = (of) => points.reduce((total, point) => total + of(point.x - x, point.y - y), 0);
  const width = sum((dx) => dx * dx);
  const steepness = sum((dx, dy) => dx * dy) / width;
  const left = sum((dx, dy) => (dy - steepness * dx) ** 2);
  return { steepness, error: Math.sqrt(left / (points.length - 2) / width) };
}
