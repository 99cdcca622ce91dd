// Which picture has which short name? The common ones, and those that a support desk uses; others stay as text.

const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", clap: "👏", raised_hands: "🙌", pray: "🙏",
  ok_hand: "👌", muscle: "💪", point_right: "👉", point_up: "☝️", point_down: "👇", point_left: "👈", raised_hand: "✋", hand: "✋", handshake: "🤝",
  smile: "😄", grinning: "😀", slightly_smiling_face: "🙂", joy: "😂", wink: "😉", thinking_face: "🤔", cry: "😢",
  sweat_smile: "😅", sob: "😭", scream: "😱", tired_face: "😫", sleeping: "😴", relieved: "😌", neutral_face: "😐", disappointed: "😞",
  heart: "❤️", broken_heart: "💔", sparkles: "✨", star: "⭐", tada: "🎉", fire: "🔥", boom: "💥", zap: "⚡", rocket: "🚀",
  eyes: "👀", brain: "🧠", bulb: "💡", rainbow: "🌈", sunny: "☀️", crescent_moon: "🌙", zzz: "💤", ghost: "👻",
  ticket: "🎫", admission_tickets: "🎟️", bell: "🔔", no_bell: "🔕", rotating_light: "🚨", fire_engine: "🚒", ambulance: "🚑",
  sos: "🆘", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", construction: "🚧", siren: "🚨",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", negative_squared_cross_mark: "❎",
  question: "❓", grey_question: "❔", exclamation: "❗", grey_exclamation: "❕", bangbang: "‼️", interrobang: "⁉️",
  information_source: "ℹ️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", recycle: "♻️", repeat: "🔁", arrows_counterclockwise: "🔄",
  red_circle: "🔴", large_orange_circle: "🟠", orange_circle: "🟠", large_yellow_circle: "🟡", yellow_circle: "🟡", large_green_circle: "🟢", green_circle: "🟢",
  large_blue_circle: "🔵", blue_circle: "🔵", large_purple_circle: "🟣", white_circle: "⚪", black_circle: "⚫",
  red_square: "🟥", large_red_square: "🟥", large_orange_square: "🟧", large_yellow_square: "🟨", large_green_square: "🟩", large_blue_square: "🟦",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", timer_clock: "⏲️", clock1: "🕐", clock3: "🕒", clock9: "🕘",
  watch: "⌚", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", page_facing_up: "📄",
  pushpin: "📌", round_pushpin: "📍", paperclip: "📎", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑", mag: "🔍", mag_right: "🔎",
  bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", file_folder: "📁", card_index: "📇", books: "📚", book: "📖",
  telephone_receiver: "📞", phone: "☎️", telephone: "☎️", iphone: "📱", pager: "📟", email: "📧", envelope: "✉️", incoming_envelope: "📨",
  inbox_tray: "📥", outbox_tray: "📤", mailbox: "📫", loudspeaker: "📢", mega: "📣", speech_balloon: "💬", thought_balloon: "💭",
  hammer: "🔨", wrench: "🔧", hammer_and_wrench: "🛠️", gear: "⚙️", bug: "🐛", computer: "💻", desktop_computer: "🖥️", floppy_disk: "💾", package: "📦",
  arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️", arrow_upper_right: "↗️", arrow_lower_right: "↘️",
  arrow_double_up: "⏫", arrow_up_small: "🔼", arrow_down_small: "🔽", arrow_forward: "▶️", double_vertical_bar: "⏸️", black_square_for_stop: "⏹️",
  one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", "100": "💯", robot_face: "🤖", busts_in_silhouette: "👥", bust_in_silhouette: "👤",
  anchor: "⚓", ship: "🚢", ocean: "🌊", globe_with_meridians: "🌐", earth_africa: "🌍", house: "🏠", office: "🏢", coffee: "☕", beer: "🍺", cake: "🍰",
  checkered_flag: "🏁", triangular_flag_on_post: "🚩", trophy: "🏆", medal: "🏅", shield: "🛡️", scroll: "📜", test_tube: "🧪", adhesive_bandage: "🩹",
};

/** Those that the picker offers, the ticket first: it is the one that does something. */
export const PICKER = [
  "ticket", "eyes", "white_check_mark", "+1", "pray", "tada", "heart", "fire",
  "rotating_light", "bell", "hourglass_flowing_sand", "question", "x", "wave", "rocket", "raised_hands",
];

/** The picture of a short name (skin tones ignored), or null. */
export function picture(name) {
  const bare = name.split("::")[0];
  return Object.hasOwn(NAMES, bare) ? NAMES[bare] : null;
}
