//! Korean particles that depend on the sound before them: 은/는, 이/가, 을/를, 과/와, 으로/로.
//!
//! A number is read in Sino-Korean, so its last digit decides, and a zero always closes the
//! syllable (영, 십, 백, 천, 만). A capital is read as a letter; a Latin word as Korean spells it,
//! as far as its last letter tells.

/// How the last syllable ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// ㄹ: a consonant, yet 로 follows.
    Rieul,
    Consonant,
}

/// The particle of the pair that `pair`, its form after a consonant, names, as it follows `word`.
pub(super) fn particle<'a>(word: &str, pair: &'a str) -> &'a str {
    let after_vowel = match pair {
        "은" => "는",
        "이" => "가",
        "을" => "를",
        "과" => "와",
        "으로" => "로",
        other => return other,
    };
    match ending(word) {
        Ending::Consonant => pair,
        Ending::Rieul if pair != "으로" => pair,
        Ending::Rieul | Ending::Vowel => after_vowel,
    }
}

/// Words whose last letter closes the syllable: 셋, 잡, 웹, 아웃. After most others stands a vowel: 트.
const CLOSED: [&str; 4] = ["Set", "Job", "web", "out"];

fn ending(word: &str) -> Ending {
    let latin = word.trim_end_matches(|it: char| !it.is_alphanumeric());
    if CLOSED.iter().any(|it| latin.ends_with(it)) {
        return Ending::Consonant;
    }
    let mut sounded = word.chars().rev().filter(|it| it.is_alphanumeric() || *it == '%');
    let (last, before) = (sounded.next().unwrap_or('\0'), sounded.next().unwrap_or('\0'));
    match last {
        '가'..='힣' => match (u32::from(last) - u32::from('가')) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        },
        // 밀리 after a number.
        'm' if before.is_ascii_digit() => Ending::Vowel,
        // 일, 칠, 팔; 엘, 알 as letters; 풀, 셀 as words.
        '1' | '7' | '8' | 'L' | 'R' | 'l' => Ending::Rieul,
        // 영 (십, 백 …), 삼, 육; 엠, 엔.
        '0' | '3' | '6' | 'M' | 'N' | 'm' | 'n' => Ending::Consonant,
        // 링.
        'g' if before == 'n' => Ending::Consonant,
        // 이, 사, 오, 구 and the other letters.
        _ => Ending::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::particle;

    #[test]
    fn each_digit_takes_the_particle_of_its_sound() {
        let read = ["영은", "일은", "이는", "삼은", "사는", "오는", "육은", "칠은", "팔은", "구는"];
        for (digit, read) in read.iter().enumerate() {
            let topic = read.chars().nth(1).unwrap().to_string();
            assert_eq!(particle(&digit.to_string(), "은"), topic, "{digit}");
        }
    }

    #[test]
    fn a_word_takes_the_particle_of_its_last_sound() {
        for (word, subject, object, and, toward) in [
            ("파드", "가", "를", "와", "로"),
            ("그룹", "이", "을", "과", "으로"),
            ("레이블", "이", "을", "과", "로"),
            ("10", "이", "을", "과", "으로"),
            ("8", "이", "을", "과", "로"),
            ("2.5", "가", "를", "와", "로"),
            ("1,000", "이", "을", "과", "으로"),
            ("500m", "가", "를", "와", "로"),
            ("60 %", "가", "를", "와", "로"),
            ("GPU", "가", "를", "와", "로"),
            ("maxReplicas", "가", "를", "와", "로"),
            ("gpu-pool", "이", "을", "과", "로"),
            ("main", "이", "을", "과", "으로"),
            ("StatefulSet", "이", "을", "과", "으로"),
            ("`CronJob`", "이", "을", "과", "으로"),
            ("web", "이", "을", "과", "으로"),
            ("Deployment", "가", "를", "와", "로"),
            ("training", "이", "을", "과", "으로"),
            ("{CPU: 1}", "이", "을", "과", "로"),
            ("", "가", "를", "와", "로"),
        ] {
            let found = ["이", "을", "과", "으로"].map(|pair| particle(word, pair));
            assert_eq!(found, [subject, object, and, toward], "{word}");
        }
    }
}
