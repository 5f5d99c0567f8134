/** The tokens of the platform's users: JSON Web Tokens. */

/** Whether a text has the form of one: three parts in base64url, the first of which begins as a JSON object does. */
export function isWebToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text)
}
