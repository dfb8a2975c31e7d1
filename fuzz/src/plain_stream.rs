//! The standard's rules for streams once more, the simplest way: over a whole text, with no thought of
//! size. A second opinion, for fuzzing and for `tests/sse_properties.rs`.

/// What is heard of a whole stream: type, data, last event id.
pub fn plainly(bytes: &[u8]) -> Vec<[String; 3]> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut heard, mut event, mut id, mut data) = (Vec::new(), "", "", String::new());
    // What stands behind the last line end is no line yet.
    for line in text.rsplit_once('\n').map_or("", |(lines, _)| lines).split('\n') {
        if line.is_empty() {
            if let Some(data) = data.strip_suffix('\n') {
                let event = if event.is_empty() { "message" } else { event };
                heard.push([event.to_owned(), data.to_owned(), id.to_owned()]);
            }
            (event, data) = ("", String::new());
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => event = value,
            "data" => data = format!("{data}{value}\n"),
            "id" if !value.contains('\0') => id = value,
            _ => {}
        }
    }
    heard
}
