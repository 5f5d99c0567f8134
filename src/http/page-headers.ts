/** What browsers let the dashboard do: the headers of the page and of its files. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** What the page never uses, so that nothing that got into it could. */
const UNUSED = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']

/**
 * Lets the page load scripts and styles from its own files alone, talk to its own service, and show pictures of its own
 * making and from `coverOrigins`. Nothing inside the HTML runs, no other page may frame it, and no address of it is told
 * to others. For all routes that are registered from now on in this context.
 */
export async function pageHeaders(app: FastifyInstance, coverOrigins: readonly string[]): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        // A chart becomes a PNG by way of a blob.
        'img-src': ["'self'", 'blob:', ...coverOrigins],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // The service itself may be reached over plain HTTP.
    strictTransportSecurity: false,
  })
  const policy = UNUSED.map(feature => `${feature}=()`).join(', ')
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('permissions-policy', policy)
    done()
  })
}
