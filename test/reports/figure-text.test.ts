import { axisText, columnTexts, figureText } from '../../src/reports/figure-text';

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [0.5, '0.5'],
  [-4.7, '−4.7'],
  [0.04218734, '0.0421873'],
  [105.12034, '105.12'],
  [105.1274, '105.127'],
  [2024, '2024'],
  [100_000, '100,000'],
  [1_234_567.891, '1,234,567.89'],
  [-98_765.4, '−98,765.4'],
  [1.23e-11, '1.23e−11'],
  [-2.5e-10, '−2.5e−10'],
  [1e15, '1e15'],
  [123_456_789_012_345, '123,456,789,012,345'],
])('%d is read as %s', (value, text) => {
  expect(figureText(value)).toBe(text);
});

test('the figures of a column have the same number of decimals', () => {
  expect(columnTexts([1, 22.5, null, -0.125])).toEqual(['1.000', '22.500', '', '−0.125']);
  expect(columnTexts([1, 2, 3])).toEqual(['1', '2', '3']);
  expect(columnTexts([])).toEqual([]);
});

test('a figure that is not zero is never read as zero', () => {
  expect(columnTexts([125_000.5, 0.00001, 0])).toEqual(['125,000.5', '1e−5', '0.0']);
});

test.each([
  [0, '0'],
  [0.1 + 0.2, '0.3'],
  [1600, '1600'],
  [25_000, '25,000'],
  [-1_500_000, '−1.5M'],
  [2e9, '2B'],
  [3e12, '3T'],
  [1e-5, '0.00001'],
  [2e-8, '2e−8'],
  [1e15, '1e15'],
])('beside an axis %d is %s', (value, text) => {
  expect(axisText(value)).toBe(text);
});
