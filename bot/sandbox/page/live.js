// What happens while the viewer looks? One WebSocket a person, opened again whenever it breaks.

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;

/** Frames of /page/live. `onFrame(frame)`, `onLink(up, again)`; `again` says that frames may have been missed.
    `ready` resolves once it listens: what is read after that misses nothing. */
export class Live {
  constructor(person, { onFrame, onLink }) {
    this.person = person;
    this.onFrame = onFrame;
    this.onLink = onLink;
    this.pause = FIRST_PAUSE_MS;
    this.opened = false;
    this.ended = false;
    this.ready = new Promise((resolve) => {
      this.firstOpened = resolve;
    });
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/live?as=${encodeURIComponent(this.person)}`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      if (this.ended) return;
      this.pause = FIRST_PAUSE_MS;
      this.onLink(true, this.opened);
      this.opened = true;
      this.firstOpened();
    });
    socket.addEventListener("message", (event) => {
      for (const frame of JSON.parse(event.data)) if (!this.ended) this.onFrame(frame);
    });
    socket.addEventListener("close", () => {
      if (this.ended) return;
      this.onLink(false, true);
      this.timer = setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    });
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
