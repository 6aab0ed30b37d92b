//! Messages on a stream, each behind a header that tells its length. Whatever stands there instead is told, and read past.

use std::io::{self, BufRead, Read as _, Write};

use lsp_server::{ErrorCode, Message};
use serde_json::json;

/// A longer line of a header is none.
const LONGEST_LINE: u64 = 4 << 10;
/// A longer message is not read, in bytes.
const LONGEST: u64 = 1 << 30;

/// What was read.
#[derive(Debug)]
pub(super) enum Frame {
    /// A message.
    Message(Message),
    /// Something else, and why it is none.
    Malformed(String),
}

/// Reads one message; `None` at the end of the stream.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let length = match length {
        Ok(length) => length,
        Err(why) => return Ok(Some(Frame::Malformed(why))),
    };
    if length > LONGEST {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        return Ok(Some(Frame::Malformed(format!("a message has {length} bytes"))));
    }
    // What is said of the length need not be true: memory grows with what comes.
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Ok(None);
    }
    let message = serde_json::from_slice(&body).map(Frame::Message);
    Ok(Some(
        message.unwrap_or_else(|error| Frame::Malformed(error.to_string())),
    ))
}

/// The length that a header gives, or why it gives none; `None` at the end of the stream.
fn header(input: &mut impl BufRead) -> io::Result<Option<Result<u64, String>>> {
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        match text.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().to_owned())
            }
            None if text.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let length = length.ok_or_else(|| "a header has no Content-Length".to_owned());
    let number = |text: String| text.parse().map_err(|_| format!("`{text}` is no length"));
    Ok(Some(length.and_then(number)))
}

/// Writes one message.
pub(super) fn write(message: &Message, output: &mut impl Write) -> io::Result<()> {
    message.write(output)
}

/// Says that what was read is no message: it has no number that an answer could name.
pub(super) fn write_refusal(why: &str, output: &mut impl Write) -> io::Result<()> {
    let code = ErrorCode::ParseError as i32;
    let body = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": why}}).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(mut bytes: &[u8]) -> Vec<String> {
        let mut said = Vec::new();
        while let Some(frame) = read(&mut bytes).expect("memory does not fail") {
            said.push(match frame {
                Frame::Message(Message::Request(request)) => request.method,
                Frame::Message(_) => "other".to_owned(),
                Frame::Malformed(_) => "malformed".to_owned(),
            });
        }
        said
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_read_past() {
        let request = framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        for bad in [
            "Content-Length: x\r\n\r\n",
            "Content-Type: a\r\n\r\n",
            "rubbish\r\n\r\n",
            &framed("{"),
            &framed("[]"),
            &framed("\u{0}"),
            &framed(&"[".repeat(9_000)),
        ] {
            assert_eq!(
                all(format!("{bad}{request}").as_bytes()),
                ["malformed", "shutdown"],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_length_that_is_not_true_takes_no_memory() {
        assert!(all(b"Content-Length: 99999999999999\r\n\r\n{}").len() <= 1);
        assert!(all(b"Content-Length: 1000000000\r\n\r\n{}").is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "(Content-Length: [0-9-]{0,3}\r\n|\r\n|[{}\\[\\]\"a:\n]){0,12}") {
            all(text.as_bytes());
        }
    }
}
