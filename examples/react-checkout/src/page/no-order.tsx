export function NoOrder({ reason }: { reason: string }) {
  return (
    <main className="alone">
      <h1>We could not load your order</h1>
      <p>{reason}</p>
      <p>
        <a className="button" href="/">
          Start a new order
        </a>
      </p>
    </main>
  )
}
