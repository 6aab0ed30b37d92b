//! Names of months and weekdays in many languages, because a date in a text is anchored in one of them.

use jiff::civil::Weekday;

/// A month by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// 1 to 12.
    pub number: i8,
    /// Whether the name is written out; a short one is a word in some other language (`set`, `ago`, `out`).
    pub full: bool,
}

/// The longest name, in bytes.
const LONGEST: usize = 24;

/// The month of that name, in any of the languages and in any case.
pub fn month(word: &str) -> Option<Month> {
    let at = find(word, MONTHS, |entry| entry.0)?;
    let (_, number, full) = MONTHS[at];
    Some(Month { number, full })
}

/// The weekday of that name, in any of the languages and in any case.
pub fn weekday(word: &str) -> Option<Weekday> {
    let at = find(word, WEEKDAYS, |entry| entry.0)?;
    Weekday::from_monday_one_offset(WEEKDAYS[at].1).ok()
}

fn find<T>(word: &str, table: &[T], name: fn(&T) -> &'static str) -> Option<usize> {
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    table.binary_search_by(|entry| name(entry).cmp(&lower)).ok()
}

/// English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Swedish, Danish, Czech, Ukrainian,
/// Catalan, Romanian, Turkish, Finnish, Indonesian, Greek and Hungarian, sorted; the last field: written out.
#[rustfmt::skip]
const MONTHS: &[(&str, i8, bool)] = &[
    ("abr", 4, false), ("abril", 4, true), ("ago", 8, false), ("agost", 8, true), ("agosto", 8, true),
    ("agustus", 8, true), ("aoû", 8, false), ("août", 8, true), ("apr", 4, false), ("april", 4, true),
    ("aprile", 4, true), ("aprilie", 4, true), ("aralık", 12, true), ("aug", 8, false), ("august", 8, true),
    ("augusti", 8, true), ("augustus", 8, true), ("augusztus", 8, true), ("avr", 4, false), ("avril", 4, true),
    ("ağustos", 8, true), ("března", 3, true), ("cze", 6, false), ("czerwca", 6, true), ("czerwiec", 6, true),
    ("dec", 12, false), ("december", 12, true), ("decembrie", 12, true), ("desember", 12, true),
    ("desembre", 12, true), ("dez", 12, false), ("dezember", 12, true), ("dezembro", 12, true),
    ("dic", 12, false), ("dicembre", 12, true), ("diciembre", 12, true), ("dubna", 4, true), ("déc", 12, false),
    ("décembre", 12, true), ("ekim", 10, true), ("elokuuta", 8, true), ("ene", 1, false), ("enero", 1, true),
    ("eylül", 9, true), ("feb", 2, false), ("febbraio", 2, true), ("feber", 2, true), ("febrer", 2, true),
    ("febrero", 2, true), ("februar", 2, true), ("februari", 2, true), ("februarie", 2, true),
    ("february", 2, true), ("február", 2, true), ("fev", 2, false), ("fevereiro", 2, true), ("fév", 2, false),
    ("févr", 2, false), ("février", 2, true), ("gen", 1, false), ("gener", 1, true), ("gennaio", 1, true),
    ("giu", 6, false), ("giugno", 6, true), ("gru", 12, false), ("grudnia", 12, true), ("grudzień", 12, true),
    ("haziran", 6, true), ("heinäkuuta", 7, true), ("helmikuuta", 2, true), ("huhtikuuta", 4, true),
    ("ianuarie", 1, true), ("iulie", 7, true), ("iunie", 6, true), ("jan", 1, false), ("janeiro", 1, true),
    ("januar", 1, true), ("januari", 1, true), ("january", 1, true), ("január", 1, true), ("janv", 1, false),
    ("janvier", 1, true), ("joulukuuta", 12, true), ("jui", 6, false), ("juil", 7, false), ("juillet", 7, true),
    ("juin", 6, true), ("jul", 7, false), ("julho", 7, true), ("juli", 7, true), ("julio", 7, true),
    ("juliol", 7, true), ("july", 7, true), ("jun", 6, false), ("june", 6, true), ("junho", 6, true),
    ("juni", 6, true), ("junio", 6, true), ("juny", 6, true), ("jän", 1, false), ("jänner", 1, true),
    ("július", 7, true), ("június", 6, true), ("kasım", 11, true), ("kesäkuuta", 6, true), ("května", 5, true),
    ("kwi", 4, false), ("kwiecień", 4, true), ("kwietnia", 4, true), ("ledna", 1, true), ("lip", 7, false),
    ("lipca", 7, true), ("lipiec", 7, true), ("lis", 11, false), ("listopad", 11, true),
    ("listopada", 11, true), ("listopadu", 11, true), ("lokakuuta", 10, true), ("lug", 7, false),
    ("luglio", 7, true), ("lut", 2, false), ("lutego", 2, true), ("luty", 2, true), ("maaliskuuta", 3, true),
    ("maart", 3, true), ("maerz", 3, true), ("mag", 5, false), ("maggio", 5, true), ("mai", 5, true),
    ("maig", 5, true), ("maio", 5, true), ("maj", 5, true), ("maja", 5, true), ("mar", 3, false),
    ("marca", 3, true), ("march", 3, true), ("maret", 3, true), ("marraskuuta", 11, true), ("mars", 3, true),
    ("mart", 3, true), ("martie", 3, true), ("marts", 3, true), ("marzec", 3, true), ("marzo", 3, true),
    ("març", 3, true), ("março", 3, true), ("may", 5, true), ("mayo", 5, true), ("mayıs", 5, true),
    ("mei", 5, true), ("mrt", 3, false), ("mrz", 3, false), ("május", 5, true), ("március", 3, true),
    ("mär", 3, false), ("märz", 3, true), ("nisan", 4, true), ("noiembrie", 11, true), ("nov", 11, false),
    ("november", 11, true), ("novembre", 11, true), ("novembro", 11, true), ("noviembre", 11, true),
    ("ocak", 1, true), ("oct", 10, false), ("october", 10, true), ("octobre", 10, true),
    ("octombrie", 10, true), ("octubre", 10, true), ("okt", 10, false), ("oktober", 10, true),
    ("október", 10, true), ("ott", 10, false), ("ottobre", 10, true), ("out", 10, false), ("outubro", 10, true),
    ("paź", 10, false), ("październik", 10, true), ("października", 10, true), ("prosince", 12, true),
    ("sep", 9, false), ("sept", 9, false), ("september", 9, true), ("septembre", 9, true),
    ("septembrie", 9, true), ("septiembre", 9, true), ("set", 9, false), ("setembre", 9, true),
    ("setembro", 9, true), ("settembre", 9, true), ("sie", 8, false), ("sierpień", 8, true),
    ("sierpnia", 8, true), ("srpna", 8, true), ("sty", 1, false), ("styczeń", 1, true), ("stycznia", 1, true),
    ("syyskuuta", 9, true), ("szeptember", 9, true), ("tammikuuta", 1, true), ("temmuz", 7, true),
    ("toukokuuta", 5, true), ("wrz", 9, false), ("wrzesień", 9, true), ("września", 9, true), ("září", 9, true),
    ("április", 4, true), ("února", 2, true), ("července", 7, true), ("června", 6, true), ("října", 10, true),
    ("şubat", 2, true), ("απριλίου", 4, true), ("αυγούστου", 8, true), ("δεκεμβρίου", 12, true),
    ("ιανουαρίου", 1, true), ("ιουλίου", 7, true), ("ιουνίου", 6, true), ("μαΐου", 5, true),
    ("μαρτίου", 3, true), ("νοεμβρίου", 11, true), ("οκτωβρίου", 10, true), ("σεπτεμβρίου", 9, true),
    ("φεβρουαρίου", 2, true), ("авг", 8, false), ("август", 8, true), ("августа", 8, true), ("апр", 4, false),
    ("апрель", 4, true), ("апреля", 4, true), ("березня", 3, true), ("вересня", 9, true), ("грудня", 12, true),
    ("дек", 12, false), ("декабрь", 12, true), ("декабря", 12, true), ("жовтня", 10, true), ("июл", 7, false),
    ("июль", 7, true), ("июля", 7, true), ("июн", 6, false), ("июнь", 6, true), ("июня", 6, true),
    ("квітня", 4, true), ("липня", 7, true), ("листопада", 11, true), ("лютого", 2, true), ("май", 5, true),
    ("мар", 3, false), ("март", 3, true), ("марта", 3, true), ("мая", 5, true), ("ноя", 11, false),
    ("нояб", 11, false), ("ноябрь", 11, true), ("ноября", 11, true), ("окт", 10, false), ("октябрь", 10, true),
    ("октября", 10, true), ("сен", 9, false), ("сент", 9, false), ("сентябрь", 9, true), ("сентября", 9, true),
    ("серпня", 8, true), ("січня", 1, true), ("травня", 5, true), ("фев", 2, false), ("февр", 2, false),
    ("февраль", 2, true), ("февраля", 2, true), ("червня", 6, true), ("янв", 1, false), ("январь", 1, true),
    ("января", 1, true),
];

/// Monday is 1. Names of two letters are left out: they are words in too many languages.
#[rustfmt::skip]
const WEEKDAYS: &[(&str, i8)] = &[
    ("czwartek", 4), ("dienstag", 2), ("dimanche", 7), ("dinsdag", 2), ("domenica", 7), ("domingo", 7),
    ("donderdag", 4), ("donnerstag", 4), ("fredag", 5), ("freitag", 5), ("fri", 5), ("friday", 5),
    ("giovedì", 4), ("jeudi", 4), ("jueves", 4), ("lundi", 1), ("lunedì", 1), ("lunes", 1), ("lördag", 6),
    ("lørdag", 6), ("maandag", 1), ("mandag", 1), ("mardi", 2), ("martedì", 2), ("martes", 2), ("mercoledì", 3),
    ("mercredi", 3), ("mittwoch", 3), ("miércoles", 3), ("mon", 1), ("monday", 1), ("montag", 1), ("måndag", 1),
    ("niedziela", 7), ("onsdag", 3), ("piątek", 5), ("poniedziałek", 1), ("quarta", 3), ("quinta", 4),
    ("sabato", 6), ("samedi", 6), ("samstag", 6), ("sat", 6), ("saturday", 6), ("segunda", 1), ("sexta", 5),
    ("sobota", 6), ("sonnabend", 6), ("sonntag", 7), ("sun", 7), ("sunday", 7), ("sábado", 6), ("söndag", 7),
    ("søndag", 7), ("terça", 2), ("thu", 4), ("thur", 4), ("thurs", 4), ("thursday", 4), ("tirsdag", 2),
    ("tisdag", 2), ("torsdag", 4), ("tue", 2), ("tues", 2), ("tuesday", 2), ("vendredi", 5), ("venerdì", 5),
    ("viernes", 5), ("vrijdag", 5), ("wed", 3), ("wednesday", 3), ("weds", 3), ("woensdag", 3), ("wtorek", 2),
    ("zaterdag", 6), ("zondag", 7), ("środa", 3), ("воскресенье", 7), ("вторник", 2), ("понедельник", 1),
    ("пятница", 5), ("среда", 3), ("суббота", 6), ("четверг", 4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(MONTHS.is_sorted_by_key(|entry| entry.0));
        assert!(WEEKDAYS.is_sorted_by_key(|entry| entry.0));
        assert!(MONTHS.iter().all(|entry| entry.0.len() <= LONGEST));
    }

    #[test]
    fn names_in_any_case() {
        assert_eq!(month("AUGUST").map(|month| month.number), Some(8));
        assert_eq!(month("Września").map(|month| month.number), Some(9));
        assert_eq!(weekday("Samstag"), Some(Weekday::Saturday));
        assert_eq!(month("augusta"), None);
    }
}
