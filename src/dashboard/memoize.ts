/**
 * The same function, which keeps what it made for each argument. For what takes long to make and is made of few arguments,
 * such as the formats of `Intl`: to make one takes longer than to use it a thousand times.
 */
export function memoize<Argument, Made>(make: (argument: Argument) => Made): (argument: Argument) => Made {
  const made = new Map<Argument, Made>()
  return argument => {
    const found = made.get(argument) ?? make(argument)
    made.set(argument, found)
    return found
  }
}
