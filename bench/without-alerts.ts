/** Preloaded into the service: it never looks for artists to alert, to be compared with one that does. */
import { Alerts } from '../src/alerts/alerts.ts'

Alerts.prototype.start = async () => {}
Alerts.prototype.onEventsCounted = () => {}
