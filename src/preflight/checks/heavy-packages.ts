import { MIB } from '../../model/bytes.ts'

/**
 * Packages that one compiler cannot do in little memory: the largest resident size of a process of
 * `go build -p 1` (Go 1.26.8, linux/amd64, two processors, no cap, GOGC as it is by itself; getrusage).
 */
export const HEAVY_PACKAGES: readonly {
  readonly module: string
  readonly package: string
  readonly bytes: number
}[] = [
  {
    // v2.67.0
    module: 'github.com/DataDog/datadog-api-client-go/v2',
    package: 'github.com/DataDog/datadog-api-client-go/v2/api/datadogV2',
    bytes: 7331 * MIB
  },
  {
    // v1.344.1
    module: 'github.com/aws/aws-sdk-go-v2/service/ec2',
    package: 'github.com/aws/aws-sdk-go-v2/service/ec2',
    bytes: 3327 * MIB
  }
]
