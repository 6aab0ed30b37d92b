//! A line without its figures, its case and its spacing, as one number: running heads are the same under it.

/// What is left of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mask(u32);

impl Mask {
    /// Of a line with nothing but its number.
    pub(super) const NONE: Self = Self(0);

    /// Whether nothing but a number stood there.
    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// The mask of a line: FNV-1a over its bytes, runs of figures and of white space as one, ASCII capitals as small letters.
pub(super) fn mask(line: &str) -> Mask {
    let mut hash = 0x811c_9dc5_u32;
    let mut last = 0;
    for byte in line.trim().bytes() {
        let sign = match byte {
            b'0'..=b'9' => b'#',
            b'\t' | b' ' | b'\x0c' => b' ',
            _ => byte.to_ascii_lowercase(),
        };
        if sign == last && matches!(sign, b'#' | b' ') {
            continue;
        }
        last = sign;
        hash = (hash ^ u32::from(sign)).wrapping_mul(0x0100_0193);
    }
    Mask(hash.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_spacing_do_not_count() {
        assert_eq!(mask("RFC 12   A  May 1999"), mask(" rfc 9 A May 2001"));
        assert_ne!(mask("A"), mask("B"));
    }
}
