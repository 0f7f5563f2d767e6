/**
 * A line in which a test compares texts: what stands there is what the test expected or got, and says nothing about
 * the system. Sample: `x_test.go:15: save() = no space left on device, want disk quota exceeded`.
 */
export const ASSERTED =
  /_test\.go:\d.{0,500}\b(?:want(?:ed)?|got|expect(?:ed|s)?|actual|should)\b|^\s*(?:expected|actual|got|want)\b|\bdoes not contain ["(<]|\bto (?:equal|contain substring|match error)\b|^\s*<string>: |^\s*(?:=== (?:RUN|CONT|NAME|PAUSE)|--- (?:PASS|FAIL|SKIP))/i
