import { cageName } from './cage-name.ts'
import { type Dialect, openLeaf } from './cgroup-leaf.ts'
import { makeRoom, placesFor } from './cgroup-places.ts'
import { cgroupV1 } from './cgroup-v1.ts'
import { cgroupV2 } from './cgroup-v2.ts'
import type { CageMaker, Way, WayOrder } from './way.ts'

/** A cgroup made by ourselves: at each place, by each means. */
export function cgroupWays(maker: CageMaker, { survey, runId }: WayOrder): readonly Way[] {
  const dialect: Dialect = survey.cgroup.version === 'v1' ? cgroupV1 : cgroupV2
  return placesFor(maker.files, survey, cageName(runId)).flatMap((place) =>
    maker.means.map((control) => ({
      name: survey.cgroup.version === 'v1' ? 'cgroup-v1' : 'cgroup-v2',
      label: `${dialect.way} (${control.means})`,
      remark: control.means === 'sudo' ? ', through sudo' : '',
      async open(cap) {
        const tools = { ...maker, control }
        maker.announce(place.directory)
        if (place.crowded !== null) await makeRoom(tools, place.crowded)
        return openLeaf(tools, dialect, place, cap)
      }
    }))
  )
}
