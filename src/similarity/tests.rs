//! The engine as a whole, on texts of our own.

use super::*;

/// Words in an order without a pattern: no two runs of them are alike by chance.
fn prose(seed: u64, words: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize
    };
    let syllables = [
        "ba", "cor", "del", "fen", "gar", "hol", "im", "jas", "kel", "lor", "mon", "nor", "pel", "quin", "ros",
    ];
    let mut word = || {
        (0..2 + next() % 2)
            .map(|_| syllables[next() % syllables.len()])
            .collect::<String>()
    };
    let words: Vec<String> = (0..words).map(|_| word()).collect();
    words
        .chunks(12)
        .map(|line| format!("{}.", line.join(" ")))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same with every so-manieth word another one.
fn edited(text: &str, every: usize) -> String {
    let change = |(number, word): (usize, &str)| match number % every {
        0 => format!("other{number}"),
        _ => word.to_owned(),
    };
    text.split(' ').enumerate().map(change).collect::<Vec<_>>().join(" ")
}

fn found(texts: &[String], options: &Options<'_>) -> Duplicates {
    let named: Vec<(usize, &String)> = texts.iter().enumerate().collect();
    find(&named, options).expect("found")
}

fn pairs(texts: &[String]) -> Vec<(String, String)> {
    let text = |place: &Place| texts[place.text][place.bytes()].to_owned();
    let found = found(texts, &Options::default());
    found.pairs.iter().map(|pair| (text(&pair.a), text(&pair.b))).collect()
}

#[test]
fn a_passage_is_found_across_texts_and_within_one() {
    let passage = prose(1, 40);
    let copy = edited(&passage, 10);
    let across = [
        format!("{}\n\n{passage}\n\n{}", prose(2, 200), prose(3, 100)),
        format!("{}\n\n{copy}\n\n{}", prose(4, 50), prose(5, 300)),
    ];
    let within = [format!(
        "{}\n\n{passage}\n\n{}\n\n{copy}\n",
        prose(2, 200),
        prose(3, 100)
    )];
    for texts in [&across[..], &within[..]] {
        let pairs = pairs(texts);
        assert_eq!(pairs.len(), 1);
        let (a, b) = &pairs[0];
        assert!(
            a.contains(&passage[20..passage.len() - 20]) && a.len() < passage.len() + 40,
            "{a}"
        );
        assert!(
            b.contains(&copy[20..copy.len() - 20]) && b.len() < copy.len() + 40,
            "{b}"
        );
    }
}

#[test]
fn a_caption_with_one_word_changed_is_found() {
    let a = "Bargemen of the upper town hold blue lanterns while the first of the grain barges comes down to the broken weir at Verrin.";
    let b = a.replace("blue", "red");
    let texts = [format!("{}\n\n{a}\n\n{}\n\n{b}\n", prose(2, 90), prose(3, 90))];
    assert_eq!(
        pairs(&texts),
        [(a.trim_end_matches('.').to_owned(), b.trim_end_matches('.').to_owned())]
    );
}

#[test]
fn nothing_is_found_where_nothing_stands_twice() {
    let texts: Vec<String> = (10..40).map(|seed| prose(seed, 400)).collect();
    assert_eq!(pairs(&texts), []);
}

#[test]
fn words_that_were_moved_about_are_found() {
    let passage = prose(1, 80);
    let mut words: Vec<&str> = passage.split(' ').collect();
    words.chunks_mut(4).step_by(2).for_each(|chunk| chunk.swap(0, 2));
    let texts = [
        format!("{} {passage}", prose(2, 100)),
        format!("{} {}", prose(3, 100), words.join(" ")),
    ];
    let pairs = pairs(&texts);
    assert_eq!(pairs.len(), 1);
    assert!(pairs[0].0.len() * 10 > passage.len() * 9);
}

#[test]
fn a_spoilt_scan_is_found() {
    let passage = prose(1, 120);
    let spoil = |(at, letter): (usize, char)| match at * 7919 % 11 {
        0 if letter != ' ' => 'x',
        _ => letter,
    };
    let scan: String = passage.chars().enumerate().map(spoil).collect();
    let texts = [passage.clone(), scan];
    let pairs = pairs(&texts);
    assert_eq!(pairs.len(), 1);
    assert!(pairs[0].0.len() * 100 > passage.len() * 95, "{}", pairs[0].0.len());
}

#[test]
fn a_script_without_spaces_is_compared_by_characters() {
    let passage = "洪水过后老城区的居民们在屋顶上点起蓝色的灯笼等待第一批运粮船从上游的码头缓缓驶来";
    let copy = passage.replace("蓝色", "红色");
    let before = "据说那年冬天河水很低码头上的人都回家去了只有守夜人还留在塔楼里读一本关于航海的旧书并且等候消息";
    let behind = "许多年以后孩子们才从祖母口中听到真相原来当时桥梁已经断开军队也早就离开边境前往南方山谷过冬";
    let texts = [format!("{before}。{passage}。"), format!("{copy}。{behind}。")];
    let pairs = pairs(&texts);
    assert_eq!(pairs, [(passage.to_owned(), copy)]);
}

#[test]
fn headings_refrains_quotations_and_references_are_told_apart() {
    let all = Options {
        all: true,
        ..Options::default()
    };
    let kinds = |texts: &[String]| {
        let found = found(texts, &all);
        assert_eq!(pairs(texts), []);
        let mut kinds: Vec<Kind> = found.pairs.iter().map(|pair| pair.kind).collect();
        kinds.dedup();
        kinds
    };
    let around = |passage: &str, seed: u64| format!("{}\n\n{passage}\n\n{}", prose(seed, 60), prose(seed + 1, 60));
    let heading = "The long night of the weir at Verrin";
    assert_eq!(kinds(&[around(heading, 10), around(heading, 20)]), [Kind::Heading]);
    let quotation = "she said “we shall keep the blue lamps burning on the quay until the very last of the barges is home” and left";
    let other = quotation
        .replace("she said", "Hadra wrote")
        .replace("and left", "in a letter of that year");
    assert_eq!(kinds(&[around(quotation, 10), around(&other, 20)]), [Kind::Quotation]);
    let reference =
        "Vanna, Hadra: The Lamps of the Lower Wards and Other Tales of the Flood. Quay Street Press, Verrin 1911.";
    assert_eq!(
        kinds(&[around(reference, 10), around(reference, 20)]),
        [Kind::Reference]
    );
    let refrain = "Light the blue lamp and lay down the oar, the weir will be mended no more, no more.";
    let song: Vec<String> = (0..5)
        .map(|verse| format!("{}\n\n{refrain}", prose(30 + verse, 20)))
        .collect();
    assert_eq!(kinds(&[song.join("\n\n")]), [Kind::Refrain]);
}

#[test]
fn equal_texts_are_one_class_and_share_what_is_found() {
    let passage = prose(1, 60);
    let one = format!("{}\n\n{passage}", prose(2, 80));
    let other = format!("{passage}\n\n{}", prose(3, 80));
    let found = found(&[one.clone(), other, one], &Options::default());
    assert_eq!(found.same, [[0, 2]]);
    let texts: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.a.text, pair.b.text)).collect();
    assert_eq!(texts, [(0, 2), (0, 1), (1, 2)]);
    assert_eq!(found.words, [140; 3]);
}

#[test]
fn what_stands_very_often_is_boilerplate_and_found_in_each_text() {
    let notice = prose(1, 40);
    let texts: Vec<String> = (0..150)
        .map(|seed| format!("{}\n\n{notice}\n", prose(seed + 100, 30)))
        .collect();
    let found = found(&texts, &Options::default());
    assert_eq!(found.groups.len(), 1);
    assert!(found.groups[0].boilerplate);
    assert_eq!(found.groups[0].members.len(), 150);
    assert!(found.pairs.len() < 150 * 20);
}

/// A text that quotes half of another one, and this one in so many versions.
fn versions(count: usize) -> Vec<String> {
    let text = prose(1, 160);
    let words: Vec<&str> = text.split(' ').collect();
    let half = words[..80].join(" ");
    let quoting = format!("{}\n\n{half}\n\n{}", prose(2, 90), prose(3, 90));
    let version = |version: usize| {
        let change = |(number, word): (usize, &&str)| match number % 41 == version * 5 {
            true => format!("other{version}of{number}"),
            false => (*word).to_owned(),
        };
        words.iter().enumerate().map(change).collect::<Vec<_>>().join(" ")
    };
    std::iter::once(quoting).chain((0..count).map(version)).collect()
}

fn texts_of(found: &Duplicates) -> Vec<(usize, usize)> {
    let mut texts: Vec<(usize, usize)> = found.pairs.iter().map(|pair| (pair.a.text, pair.b.text)).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

#[test]
fn of_many_versions_the_first_speaks_for_the_others() {
    let few = found(&versions(3), &Options::default());
    assert_eq!(texts_of(&few), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
    assert_eq!(few.represented, 0);

    let mut texts = versions(7);
    let many = found(&texts, &Options::default());
    let pairs = texts_of(&many);
    assert!((2..=7).all(|version| pairs.contains(&(1, version))), "{pairs:?}");
    assert!(
        pairs.contains(&(0, 1)) && !pairs.contains(&(0, 7)) && !pairs.contains(&(6, 7)),
        "{pairs:?}"
    );
    assert_eq!(pairs.len() + many.represented, 8 * 7 / 2);
    let whole = many.groups.iter().map(|group| group.members.len()).max();
    assert_eq!(whole, Some(7));

    // What the first has not is found between others as ever.
    let own = prose(9, 40);
    texts[0].push_str(&format!("\n\n{own}"));
    texts[7].push_str(&format!("\n\n{own}"));
    let pairs = texts_of(&found(&texts, &Options::default()));
    assert!(pairs.contains(&(0, 7)) && !pairs.contains(&(0, 6)), "{pairs:?}");
}

#[test]
fn a_passage_goes_on_where_a_long_text_is_cut() {
    let long = prose(1, 30_000);
    let texts = [
        format!("{}\n\n{long}", prose(2, 500)),
        format!("{}\n\n{long}", prose(3, 9_000)),
    ];
    let found = found(&texts, &Options::default());
    assert_eq!(found.pairs.len(), 1, "{:?}", found.pairs);
    assert!(found.pairs[0].a.length() + 20 > long.len() as u64);
    assert!(found.pairs[0].similarity > 0.99);
}

#[test]
fn each_of_many_equal_lines_is_found() {
    let line = format!("{}\n", prose(1, 14));
    let text = line.repeat(12_000);
    let found = found(std::slice::from_ref(&text), &Options::default());
    let mut covered: Vec<(u64, u64)> = found
        .groups
        .iter()
        .flat_map(|group| &group.members)
        .map(|place| (place.start, place.end))
        .collect();
    covered.sort_unstable();
    let mut reached = 0;
    let total: u64 = covered
        .iter()
        .map(|&(start, end)| {
            let fresh = end.saturating_sub(start.max(reached));
            reached = reached.max(end);
            fresh
        })
        .sum();
    assert!(total * 10 > text.len() as u64 * 8, "{total} of {}", text.len());
}

/// Texts that share passages of many kinds.
fn mixed() -> Vec<String> {
    let shared: Vec<String> = (0..12)
        .map(|seed| prose(1000 + seed, 30 + seed as usize * 10))
        .collect();
    let text = |number: u64| {
        let own = prose(number, 150);
        let passage = &shared[number as usize % 12];
        let tail = &shared[number as usize % 5];
        format!(
            "{own}\n\n{}\n\n{}\n\n{tail}\n",
            edited(passage, 9),
            prose(number + 500, 40)
        )
    };
    (0..60).map(text).collect()
}

#[test]
fn neither_threads_nor_memory_change_what_is_found() {
    let texts = [mixed(), versions(8)].concat();
    let of = |threads: usize, memory: u64| {
        let options = Options {
            threads: Some(threads),
            memory,
            ..Options::default()
        };
        let found = found(&texts, &options);
        assert!(found.pairs.len() > 100 && found.represented > 1);
        (found.pairs, found.groups, found.represented)
    };
    let usual = of(1, 2 << 30);
    assert_eq!(of(3, 2 << 30), usual);
    // So little that seeds go to a file and pieces are compared in several blocks.
    assert_eq!(of(2, 64 << 10), usual);
    assert_eq!(of(1, 16 << 10), usual);
}

#[test]
fn a_group_keeps_its_id_when_its_members_move() {
    let passage = prose(1, 40);
    let at = |before: usize| {
        let texts = [
            format!("{}\n\n{passage}", prose(2, before)),
            format!("{}\n\n{passage}", prose(3, 30)),
        ];
        found(&texts, &Options::default()).groups[0].id.clone()
    };
    assert_eq!(at(20), at(200));
    assert_eq!(at(20).len(), 16);
}

#[test]
fn what_cannot_be_read_is_left_out_and_the_rest_goes_on() {
    struct Bytes(Vec<Vec<u8>>);
    impl Texts for Bytes {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn size(&self, text: usize) -> u64 {
            self.0[text].len() as u64
        }

        fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> std::io::Result<()> {
            into.clear();
            into.extend(&self.0[text][part.start as usize..part.end as usize]);
            Ok(())
        }
    }
    let good = prose(1, 50).into_bytes();
    let texts = Bytes(vec![
        good.clone(),
        b"\xff\xfe not text".to_vec(),
        [good, b" and more".to_vec()].concat(),
        Vec::new(),
    ]);
    let found = find(&texts, &Options::default()).expect("found");
    assert_eq!(found.left_out.len(), 1);
    assert_eq!(found.left_out[0].0, 1);
    assert!(found.left_out[0].1.contains("not UTF-8"), "{}", found.left_out[0].1);
    assert_eq!(found.pairs.len(), 1);
}

#[test]
fn a_missing_temporary_folder_is_an_error_that_names_it() {
    let options = Options {
        memory: 16 << 10,
        temporary: Some(PathBuf::from("/there/is/no/such/folder")),
        ..Options::default()
    };
    let texts = mixed();
    let named: Vec<(usize, &String)> = texts.iter().enumerate().collect();
    let error = find(&named, &options).expect_err("no folder").to_string();
    assert!(error.contains("/there/is/no/such/folder"), "{error}");
}
