/** Writes the OpenAPI document to docs/Estadisticas.yaml. */
import { writeFile } from 'node:fs/promises'
import { documentedApp, openapiYaml } from './openapi.ts'

const app = await documentedApp()
await writeFile(new URL('../../docs/Estadisticas.yaml', import.meta.url), openapiYaml(app))
await app.close()
