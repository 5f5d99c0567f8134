/** How long and how deep the parts of an event may be; lengths are in UTF-16 code units. */

/** Of an event as it arrives, alone or in a batch, in bytes. */
export const MAX_EVENT_BYTES = 65_536
export const MAX_ID_LENGTH = 256
export const MAX_TEXT_LENGTH = 1000
/** Artists of `artistIds`. */
export const MAX_ARTISTS = 100
/** Lines of an order. */
export const MAX_ITEMS = 200
export const MAX_QUANTITY = 1e6
/** Of a whole number in an unknown field: as many as a decimal of MongoDB, and so a data file, holds. */
export const MAX_DIGITS = 34
/** How deep objects and arrays may lie in each other, the metadata itself being the first. */
export const MAX_DEPTH = 20
/** Of an event's metadata: as many characters as the body of a request may have bytes. */
export const MAX_CHARACTERS = MAX_EVENT_BYTES
