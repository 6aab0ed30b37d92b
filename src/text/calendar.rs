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
/// Room for a name in lower case, which may take more bytes.
pub(super) const ROOM: usize = 2 * LONGEST;

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
    let mut buffer = [0; ROOM];
    let lower = lower(word, &mut buffer)?;
    table.binary_search_by(|entry| name(entry).cmp(lower)).ok()
}

/// A word in lower case, without room on the heap: a table may hold a million words.
pub(super) fn lower<'a>(word: &str, buffer: &'a mut [u8; ROOM]) -> Option<&'a str> {
    if word.is_ascii() {
        let held = buffer.get_mut(..word.len())?;
        held.copy_from_slice(word.as_bytes());
        held.make_ascii_lowercase();
        return std::str::from_utf8(held).ok();
    }
    let mut length = 0;
    for character in word.chars().flat_map(char::to_lowercase) {
        let size = character.len_utf8();
        character.encode_utf8(buffer.get_mut(length..length + size)?);
        length += size;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Arabic, Swedish, Danish, Norwegian,
/// Icelandic, Finnish, Estonian, Latvian, Lithuanian, Czech, Slovak, Slovenian, Croatian, Serbian, Bulgarian, Ukrainian,
/// Catalan, Galician, Romanian, Albanian, Turkish, Indonesian, Greek, Hebrew and Hungarian, sorted; the last field: written
/// out. `listopada` is November in Polish and October in Croatian; the Polish one stands here.
#[rustfmt::skip]
const MONTHS: &[(&str, i8, bool)] = &[
    ("abr", 4, false), ("abril", 4, true), ("ago", 8, false), ("agost", 8, true), ("agosto", 8, true),
    ("agustus", 8, true), ("aoû", 8, false), ("août", 8, true), ("apr", 4, false), ("april", 4, true),
    ("aprila", 4, true), ("aprile", 4, true), ("aprilie", 4, true), ("aprill", 4, true), ("apríl", 4, true),
    ("apríla", 4, true), ("aprīlis", 4, true), ("ara", 12, false), ("aralık", 12, true), ("aug", 8, false),
    ("august", 8, true), ("augusti", 8, true), ("augusts", 8, true), ("augustus", 8, true),
    ("augusztus", 8, true), ("avgust", 8, true), ("avgusta", 8, true), ("avr", 4, false), ("avril", 4, true),
    ("ağu", 8, false), ("ağustos", 8, true), ("balandžio", 4, true), ("birželio", 6, true), ("březen", 3, true),
    ("března", 3, true), ("cze", 6, false), ("czerwca", 6, true), ("czerwiec", 6, true), ("dec", 12, false),
    ("decembar", 12, true), ("december", 12, true), ("decembra", 12, true), ("decembrie", 12, true),
    ("decembris", 12, true), ("decembro", 12, true), ("des", 12, false), ("desember", 12, true),
    ("desembre", 12, true), ("detsember", 12, true), ("dez", 12, false), ("dezember", 12, true),
    ("dezembro", 12, true), ("dhjetor", 12, true), ("dic", 12, false), ("dicembre", 12, true),
    ("diciembre", 12, true), ("disember", 12, true), ("duben", 4, true), ("dubna", 4, true), ("déc", 12, false),
    ("décembre", 12, true), ("eki", 10, false), ("ekim", 10, true), ("elokuuta", 8, true), ("ene", 1, false),
    ("enero", 1, true), ("eyl", 9, false), ("eylül", 9, true), ("feb", 2, false), ("febbraio", 2, true),
    ("feber", 2, true), ("febreiro", 2, true), ("febrer", 2, true), ("febrero", 2, true), ("februar", 2, true),
    ("februari", 2, true), ("februarie", 2, true), ("februarja", 2, true), ("february", 2, true),
    ("február", 2, true), ("februára", 2, true), ("februāris", 2, true), ("febrúar", 2, true),
    ("fev", 2, false), ("fevereiro", 2, true), ("fév", 2, false), ("févr", 2, false), ("février", 2, true),
    ("gegužės", 5, true), ("gen", 1, false), ("gener", 1, true), ("gennaio", 1, true), ("giu", 6, false),
    ("giugno", 6, true), ("gru", 12, false), ("grudnia", 12, true), ("grudzień", 12, true),
    ("gruodžio", 12, true), ("gusht", 8, true), ("haz", 6, false), ("haziran", 6, true),
    ("heinäkuuta", 7, true), ("helmikuuta", 2, true), ("huhtikuuta", 4, true), ("ianuarie", 1, true),
    ("iulie", 7, true), ("iunie", 6, true), ("jaanuar", 1, true), ("jan", 1, false), ("janar", 1, true),
    ("janeiro", 1, true), ("januar", 1, true), ("januari", 1, true), ("januarja", 1, true),
    ("january", 1, true), ("január", 1, true), ("januára", 1, true), ("janv", 1, false), ("janvier", 1, true),
    ("janvāris", 1, true), ("janúar", 1, true), ("joulukuuta", 12, true), ("jui", 6, false), ("juil", 7, false),
    ("juillet", 7, true), ("juin", 6, true), ("jul", 7, false), ("julai", 7, true), ("julho", 7, true),
    ("juli", 7, true), ("julija", 7, true), ("julio", 7, true), ("juliol", 7, true), ("july", 7, true),
    ("jun", 6, false), ("june", 6, true), ("junho", 6, true), ("juni", 6, true), ("junija", 6, true),
    ("junio", 6, true), ("juny", 6, true), ("juuli", 7, true), ("juuni", 6, true), ("jän", 1, false),
    ("jänner", 1, true), ("júla", 7, true), ("július", 7, true), ("júlí", 7, true), ("júna", 6, true),
    ("június", 6, true), ("júní", 6, true), ("jūlijs", 7, true), ("jūnijs", 6, true), ("kas", 11, false),
    ("kasım", 11, true), ("kesäkuuta", 6, true), ("kolovoza", 8, true), ("korrik", 7, true), ("kovo", 3, true),
    ("květen", 5, true), ("května", 5, true), ("kwi", 4, false), ("kwiecień", 4, true), ("kwietnia", 4, true),
    ("lapkričio", 11, true), ("leden", 1, true), ("ledna", 1, true), ("liepos", 7, true), ("lip", 7, false),
    ("lipca", 7, true), ("lipiec", 7, true), ("lipnja", 6, true), ("lis", 11, false), ("listopad", 11, true),
    ("listopada", 11, true), ("listopadu", 11, true), ("lokakuuta", 10, true), ("lug", 7, false),
    ("luglio", 7, true), ("lut", 2, false), ("lutego", 2, true), ("luty", 2, true), ("maaliskuuta", 3, true),
    ("maart", 3, true), ("maerz", 3, true), ("mag", 5, false), ("maggio", 5, true), ("mai", 5, true),
    ("maig", 5, true), ("maijs", 5, true), ("maio", 5, true), ("maj", 5, true), ("maja", 5, true),
    ("mar", 3, false), ("marca", 3, true), ("march", 3, true), ("maret", 3, true), ("marraskuuta", 11, true),
    ("mars", 3, true), ("mart", 3, true), ("martie", 3, true), ("marts", 3, true), ("marzec", 3, true),
    ("marzo", 3, true), ("març", 3, true), ("março", 3, true), ("may", 5, true), ("mayo", 5, true),
    ("mayıs", 5, true), ("maí", 5, true), ("mei", 5, true), ("mrt", 3, false), ("mrz", 3, false),
    ("mája", 5, true), ("május", 5, true), ("március", 3, true), ("mär", 3, false), ("märts", 3, true),
    ("märz", 3, true), ("nis", 4, false), ("nisan", 4, true), ("noiembrie", 11, true), ("nov", 11, false),
    ("novembar", 11, true), ("november", 11, true), ("novembra", 11, true), ("novembre", 11, true),
    ("novembris", 11, true), ("novembro", 11, true), ("noviembre", 11, true), ("nëntor", 11, true),
    ("nóvember", 11, true), ("oca", 1, false), ("ocak", 1, true), ("oct", 10, false), ("october", 10, true),
    ("octobre", 10, true), ("octombrie", 10, true), ("octubre", 10, true), ("ogos", 8, true),
    ("okt", 10, false), ("oktobar", 10, true), ("oktober", 10, true), ("oktobra", 10, true),
    ("oktobris", 10, true), ("oktoober", 10, true), ("október", 10, true), ("októbra", 10, true),
    ("ott", 10, false), ("ottobre", 10, true), ("out", 10, false), ("outubro", 10, true), ("ožujka", 3, true),
    ("paź", 10, false), ("październik", 10, true), ("października", 10, true), ("prill", 4, true),
    ("prosinca", 12, true), ("prosince", 12, true), ("prosinec", 12, true), ("qershor", 6, true),
    ("rugpjūčio", 8, true), ("rugsėjo", 9, true), ("rujna", 9, true), ("sausio", 1, true), ("sep", 9, false),
    ("sept", 9, false), ("septembar", 9, true), ("september", 9, true), ("septembra", 9, true),
    ("septembre", 9, true), ("septembrie", 9, true), ("septembris", 9, true), ("septiembre", 9, true),
    ("set", 9, false), ("setembre", 9, true), ("setembro", 9, true), ("setiembre", 9, true),
    ("settembre", 9, true), ("shkurt", 2, true), ("shtator", 9, true), ("sie", 8, false), ("sierpień", 8, true),
    ("sierpnia", 8, true), ("siječnja", 1, true), ("spalio", 10, true), ("srpen", 8, true), ("srpna", 8, true),
    ("srpnja", 7, true), ("studenog", 11, true), ("studenoga", 11, true), ("sty", 1, false),
    ("styczeń", 1, true), ("stycznia", 1, true), ("svibnja", 5, true), ("syyskuuta", 9, true),
    ("szeptember", 9, true), ("tammikuuta", 1, true), ("tem", 7, false), ("temmuz", 7, true),
    ("tetor", 10, true), ("toukokuuta", 5, true), ("travnja", 4, true), ("vasario", 2, true),
    ("veebruar", 2, true), ("veljače", 2, true), ("wrz", 9, false), ("wrzesień", 9, true),
    ("września", 9, true), ("xaneiro", 1, true), ("xullo", 7, true), ("xuño", 6, true), ("září", 9, true),
    ("ágúst", 8, true), ("április", 4, true), ("únor", 2, true), ("února", 2, true), ("červen", 6, true),
    ("července", 7, true), ("červenec", 7, true), ("června", 6, true), ("říjen", 10, true), ("října", 10, true),
    ("şub", 2, false), ("şubat", 2, true), ("απρ", 4, false), ("απρίλιος", 4, true), ("απριλίου", 4, true),
    ("αυγ", 8, false), ("αυγούστου", 8, true), ("αύγουστος", 8, true), ("δεκ", 12, false),
    ("δεκέμβριος", 12, true), ("δεκεμβρίου", 12, true), ("ιαν", 1, false), ("ιανουάριος", 1, true),
    ("ιανουαρίου", 1, true), ("ιουλ", 7, false), ("ιουλίου", 7, true), ("ιουν", 6, false), ("ιουνίου", 6, true),
    ("ιούλιος", 7, true), ("ιούνιος", 6, true), ("μάιος", 5, true), ("μάρτιος", 3, true), ("μαΐ", 5, false),
    ("μαΐου", 5, true), ("μαρ", 3, false), ("μαρτίου", 3, true), ("νοέμβριος", 11, true), ("νοε", 11, false),
    ("νοεμβρίου", 11, true), ("οκτ", 10, false), ("οκτωβρίου", 10, true), ("οκτώβριος", 10, true),
    ("σεπ", 9, false), ("σεπτέμβριος", 9, true), ("σεπτεμβρίου", 9, true), ("φεβ", 2, false),
    ("φεβρουάριος", 2, true), ("φεβρουαρίου", 2, true), ("авг", 8, false), ("август", 8, true),
    ("августа", 8, true), ("апр", 4, false), ("апрель", 4, true), ("апреля", 4, true), ("април", 4, true),
    ("бер", 3, false), ("березень", 3, true), ("березня", 3, true), ("вер", 9, false), ("вересень", 9, true),
    ("вересня", 9, true), ("груд", 12, false), ("грудень", 12, true), ("грудня", 12, true), ("дек", 12, false),
    ("декабрь", 12, true), ("декабря", 12, true), ("декември", 12, true), ("децембар", 12, true),
    ("жов", 10, false), ("жовтень", 10, true), ("жовтня", 10, true), ("июл", 7, false), ("июль", 7, true),
    ("июля", 7, true), ("июн", 6, false), ("июнь", 6, true), ("июня", 6, true), ("кві", 4, false),
    ("квіт", 4, false), ("квітень", 4, true), ("квітня", 4, true), ("лип", 7, false), ("липень", 7, true),
    ("липня", 7, true), ("лис", 11, false), ("листопада", 11, true), ("лют", 2, false), ("лютий", 2, true),
    ("лютого", 2, true), ("май", 5, true), ("мар", 3, false), ("март", 3, true), ("марта", 3, true),
    ("мая", 5, true), ("мај", 5, true), ("новембар", 11, true), ("ноември", 11, true), ("ноя", 11, false),
    ("нояб", 11, false), ("ноябрь", 11, true), ("ноября", 11, true), ("окт", 10, false), ("октобар", 10, true),
    ("октомври", 10, true), ("октябрь", 10, true), ("октября", 10, true), ("сен", 9, false), ("сент", 9, false),
    ("сентябрь", 9, true), ("сентября", 9, true), ("септембар", 9, true), ("септември", 9, true),
    ("сер", 8, false), ("серп", 8, false), ("серпень", 8, true), ("серпня", 8, true), ("січ", 1, false),
    ("січень", 1, true), ("січня", 1, true), ("тра", 5, false), ("трав", 5, false), ("травень", 5, true),
    ("травня", 5, true), ("фебруар", 2, true), ("фев", 2, false), ("февр", 2, false), ("февраль", 2, true),
    ("февраля", 2, true), ("февруари", 2, true), ("чер", 6, false), ("черв", 6, false), ("червень", 6, true),
    ("червня", 6, true), ("юли", 7, true), ("юни", 6, true), ("янв", 1, false), ("январь", 1, true),
    ("января", 1, true), ("януари", 1, true), ("јануар", 1, true), ("јул", 7, true), ("јун", 6, true),
    ("אוגוסט", 8, true), ("אוקטובר", 10, true), ("אפריל", 4, true), ("באוגוסט", 8, true),
    ("באוקטובר", 10, true), ("באפריל", 4, true), ("בדצמבר", 12, true), ("ביולי", 7, true), ("ביוני", 6, true),
    ("בינואר", 1, true), ("במאי", 5, true), ("במרס", 3, true), ("במרץ", 3, true), ("בנובמבר", 11, true),
    ("בספטמבר", 9, true), ("בפברואר", 2, true), ("דצמבר", 12, true), ("יולי", 7, true), ("יוני", 6, true),
    ("ינואר", 1, true), ("מאי", 5, true), ("מרס", 3, true), ("מרץ", 3, true), ("נובמבר", 11, true),
    ("ספטמבר", 9, true), ("פברואר", 2, true), ("آب", 8, true), ("آذار", 3, true), ("أبريل", 4, true),
    ("أغسطس", 8, true), ("أفريل", 4, true), ("أكتوبر", 10, true), ("أوت", 8, true), ("أيار", 5, true),
    ("أيلول", 9, true), ("إبريل", 4, true), ("ابريل", 4, true), ("اذار", 3, true), ("اغسطس", 8, true),
    ("اكتوبر", 10, true), ("ايار", 5, true), ("ايلول", 9, true), ("تموز", 7, true), ("جانفي", 1, true),
    ("جوان", 6, true), ("جويلية", 7, true), ("حزيران", 6, true), ("دجنبر", 12, true), ("ديسمبر", 12, true),
    ("سبتمبر", 9, true), ("شباط", 2, true), ("شتنبر", 9, true), ("غشت", 8, true), ("فبراير", 2, true),
    ("فيفري", 2, true), ("مارس", 3, true), ("ماي", 5, true), ("مايو", 5, true), ("نوفمبر", 11, true),
    ("نونبر", 11, true), ("نيسان", 4, true), ("يناير", 1, true), ("يولية", 7, true), ("يوليو", 7, true),
    ("يوليوز", 7, true), ("يونية", 6, true), ("يونيو", 6, true),
];

/// Monday is 1. Names of two letters are left out: they are words in too many languages.
#[rustfmt::skip]
const WEEKDAYS: &[(&str, i8)] = &[
    ("csütörtök", 4), ("cuma", 5), ("cumartesi", 6), ("czwartek", 4), ("czwartku", 4), ("dienstag", 2),
    ("dijous", 4), ("dilluns", 1), ("dimanche", 7), ("dimarts", 2), ("dimecres", 3), ("dinsdag", 2),
    ("dissabte", 6), ("diumenge", 7), ("divendres", 5), ("domenica", 7), ("domingo", 7), ("donderdag", 4),
    ("donnerstag", 4), ("duminică", 7), ("fredag", 5), ("freitag", 5), ("fri", 5), ("friday", 5),
    ("giovedì", 4), ("hétfő", 1), ("jeudi", 4), ("joi", 4), ("jueves", 4), ("jumat", 5), ("kamis", 4),
    ("kedd", 2), ("keskiviikko", 3), ("keskiviikkona", 3), ("lauantai", 6), ("lauantaina", 6), ("lundi", 1),
    ("lunedì", 1), ("lunes", 1), ("luni", 1), ("lördag", 6), ("lørdag", 6), ("maanantai", 1),
    ("maanantaina", 1), ("maandag", 1), ("mandag", 1), ("mardi", 2), ("martedì", 2), ("martes", 2),
    ("marți", 2), ("mercoledì", 3), ("mercredi", 3), ("miercuri", 3), ("minggu", 7), ("mittwoch", 3),
    ("miércoles", 3), ("mon", 1), ("monday", 1), ("montag", 1), ("måndag", 1), ("nedeľa", 7), ("nedjelja", 7),
    ("neděle", 7), ("niedziela", 7), ("niedzieli", 7), ("onsdag", 3), ("pazar", 7), ("pazartesi", 1),
    ("perjantai", 5), ("perjantaina", 5), ("perşembe", 4), ("petak", 5), ("piatok", 5), ("piątek", 5),
    ("piątku", 5), ("pondelok", 1), ("pondělí", 1), ("ponedjeljak", 1), ("poniedziałek", 1),
    ("poniedziałku", 1), ("pátek", 5), ("péntek", 5), ("quarta", 3), ("quinta", 4), ("rabu", 3), ("sabato", 6),
    ("sabtu", 6), ("salı", 2), ("samedi", 6), ("samstag", 6), ("sat", 6), ("saturday", 6), ("segunda", 1),
    ("selasa", 2), ("senin", 1), ("sexta", 5), ("sobota", 6), ("soboty", 6), ("sonnabend", 6), ("sonntag", 7),
    ("srijeda", 3), ("streda", 3), ("středa", 3), ("subota", 6), ("sun", 7), ("sunday", 7), ("sunnuntai", 7),
    ("sunnuntaina", 7), ("szerda", 3), ("szombat", 6), ("sábado", 6), ("sâmbătă", 6), ("söndag", 7),
    ("søndag", 7), ("terça", 2), ("thu", 4), ("thur", 4), ("thurs", 4), ("thursday", 4), ("tiistai", 2),
    ("tiistaina", 2), ("tirsdag", 2), ("tisdag", 2), ("torsdag", 4), ("torstai", 4), ("torstaina", 4),
    ("tue", 2), ("tues", 2), ("tuesday", 2), ("utorak", 2), ("utorok", 2), ("vasárnap", 7), ("vendredi", 5),
    ("venerdì", 5), ("viernes", 5), ("vineri", 5), ("vrijdag", 5), ("wed", 3), ("wednesday", 3), ("weds", 3),
    ("woensdag", 3), ("wtorek", 2), ("wtorku", 2), ("zaterdag", 6), ("zondag", 7), ("çarşamba", 3),
    ("úterý", 2), ("četvrtak", 4), ("čtvrtek", 4), ("środa", 3), ("środy", 3), ("štvrtok", 4), ("δευτέρα", 1),
    ("κυριακή", 7), ("πέμπτη", 4), ("παρασκευή", 5), ("σάββατο", 6), ("τετάρτη", 3), ("τρίτη", 2),
    ("воскресенье", 7), ("воскресенья", 7), ("вторник", 2), ("вторника", 2), ("вівторок", 2), ("неділя", 7),
    ("понедельник", 1), ("понедельника", 1), ("понеділок", 1), ("пятница", 5), ("пятницы", 5), ("середа", 3),
    ("среда", 3), ("среды", 3), ("суббота", 6), ("субботы", 6), ("субота", 6), ("четвер", 4), ("четверг", 4),
    ("четверга", 4), ("الأحد", 7), ("الأربعاء", 3), ("الإثنين", 1), ("الاثنين", 1), ("الاحد", 7),
    ("الاربعاء", 3), ("الثلاثاء", 2), ("الجمعة", 5), ("الخميس", 4), ("السبت", 6), ("周一", 1), ("周三", 3),
    ("周二", 2), ("周五", 5), ("周六", 6), ("周四", 4), ("周日", 7), ("土", 6), ("土曜日", 6), ("日", 7), ("日曜日", 7),
    ("星期一", 1), ("星期三", 3), ("星期二", 2), ("星期五", 5), ("星期六", 6), ("星期四", 4), ("星期天", 7), ("星期日", 7), ("月", 1),
    ("月曜日", 1), ("木", 4), ("木曜日", 4), ("水", 3), ("水曜日", 3), ("火", 2), ("火曜日", 2), ("金", 5), ("金曜日", 5),
    ("금", 5), ("금요일", 5), ("목", 4), ("목요일", 4), ("수", 3), ("수요일", 3), ("월", 1), ("월요일", 1), ("일", 7),
    ("일요일", 7), ("토", 6), ("토요일", 6), ("화", 2), ("화요일", 2),
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
