/** A UDP socket that throws everything away: the receiver that hot-shots has to have. */
import { createSocket } from "node:dgram";
import { once } from "node:events";

export interface Sink {
  readonly port: number;
  readonly close: () => void;
}

export async function openSink(): Promise<Sink> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: socket.address().port, close: () => void socket.close() };
}
