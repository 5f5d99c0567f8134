/** Tests of what only a server of one's own can be made to do. */
import { describe } from 'node:test'
import { HAS_JAVA_SERVER } from '../mongo-servers/servers.ts'

/** `describe`, where mongo-java-server can run on this machine. */
export const describeOnJavaServer = HAS_JAVA_SERVER ? describe : () => {}
