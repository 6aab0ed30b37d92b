//! Shapes as SVG: coordinates with one digit, so that the same numbers give the same bytes; text escaped.

use std::fmt::Write as _;

/// A drawing.
#[derive(Debug)]
pub(super) struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            body: String::new(),
        }
    }

    fn add(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        _ = self.body.write_fmt(markup);
    }

    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str, title: &str) {
        let title = escape(title);
        self.add(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{title}</title></rect>"
        ));
    }

    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        self.add(format_args!(
            "<path class=\"{class}\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\"/>"
        ));
    }

    pub(super) fn dot(&mut self, (x, y): (f64, f64), class: &str, title: &str) {
        let title = escape(title);
        self.add(format_args!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"><title>{title}</title></circle>"
        ));
    }

    /// Half an ellipse to the right, between two places of one vertical.
    pub(super) fn arc(&mut self, x: f64, (y1, y2): (f64, f64), rx: f64, width: f64, title: &str) {
        let (ry, title) = ((y2 - y1).abs() / 2.0, escape(title));
        self.add(format_args!(
            "<path class=\"arc\" stroke-width=\"{width:.1}\" d=\"M{x:.1} {y1:.1}A{rx:.1} {ry:.1} 0 0 1 {x:.1} {y2:.1}\"><title>{title}</title></path>"
        ));
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(text);
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    /// The drawing, with what it is and what it says for those who do not see it.
    pub(super) fn finish(self, id: &str, title: &str, says: &str) -> String {
        format!(
            "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {:.0} {:.0}\" width=\"{:.0}\" height=\"{:.0}\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{}</svg>",
            self.width,
            self.height,
            self.width,
            self.height,
            escape(title),
            escape(says),
            self.body
        )
    }
}

/// Text as markup.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// From the values of an axis to places of the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) from: (f64, f64),
    pub(super) to: (f64, f64),
}

impl Scale {
    /// Where a value stands.
    pub(super) fn at(self, value: f64) -> f64 {
        let (low, high) = self.from;
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        self.to.0 + share.clamp(0.0, 1.0) * (self.to.1 - self.to.0)
    }

    /// Round values to mark, at most so many, in steps of 1, 2 or 5 and their tens.
    pub(super) fn ticks(self, most: usize) -> Vec<f64> {
        let (low, high) = self.from;
        let steps = (0..9).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
        let count = |step: f64| (high / step).floor() - (low / step).ceil() + 1.0;
        let step = steps.into_iter().find(|step| count(*step) <= most as f64);
        let step = step.unwrap_or(high - low).max(1.0);
        let first = (low / step).ceil();
        (0..most)
            .map(|index| (first + index as f64) * step)
            .take_while(|tick| *tick <= high)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_keeps_to_its_ends() {
        let scale = Scale {
            from: (2000.0, 2010.0),
            to: (100.0, 200.0),
        };
        assert_eq!(
            [1990.0, 2000.0, 2005.0, 2030.0].map(|value| scale.at(value)),
            [100.0, 100.0, 150.0, 200.0]
        );
        assert_eq!(scale.ticks(6), [2000.0, 2002.0, 2004.0, 2006.0, 2008.0, 2010.0]);
        let point = Scale {
            from: (5.0, 5.0),
            to: (0.0, 10.0),
        };
        assert_eq!((point.at(5.0), point.ticks(4)), (5.0, vec![5.0]));
    }

    #[test]
    fn foreign_text_is_text() {
        let mut svg = Svg::new(10.0, 10.0);
        svg.text((1.0, 2.0), Anchor::Start, "", "</text><script>alert('1')</script>");
        let drawn = svg.finish("x", "<title>", "a & b");
        assert!(
            !drawn.contains("<script>") && drawn.contains("&lt;script&gt;"),
            "{drawn}"
        );
    }
}
