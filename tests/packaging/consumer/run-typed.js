/** Runs what the compiler made of `typed.ts`. */
const { pay } = await import(process.argv[2])
console.log(await pay(process.argv[3], process.argv[4]))
