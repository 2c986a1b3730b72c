//! The regimes that are shipped: each can be read and says where it comes from; their clocks, duties and penalties.

use std::collections::BTreeSet;

use calendar::{Calendar, CalendarSpec, HolidaySet, Region};
use casework::regime::due::Facts;
use casework::regime::{Regime, Standing, Start, library};
use jiff::Timestamp;
use jiff::civil::date;

fn desk(holidays: HolidaySet) -> Calendar {
    Calendar::new(CalendarSpec {
        zone: "Europe/Paris".to_owned(),
        hours: "Mo-Fr 09:00-18:00".to_owned(),
        holidays,
        closures: vec![],
    })
    .unwrap()
}

fn regime(id: &str) -> &'static Regime {
    library::find(id).unwrap()
}

/// `clock=date` of each clock that is due.
fn dues(id: &str, facts: &[(Start, &str)], holidays: HolidaySet) -> String {
    let facts: Facts = facts.iter().map(|(start, at)| (*start, at.parse::<Timestamp>().unwrap())).collect();
    let calendar = regime(id).calendar(&desk(holidays)).unwrap();
    let dues = regime(id).due(&facts, &calendar).unwrap();
    let words = dues.iter().map(|due| format!("{}={}", regime(id).clocks[due.index].id, due.on));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_regime_says_where_it_comes_from() {
    let ids: BTreeSet<&str> = library::all().iter().map(|regime| regime.id.as_str()).collect();
    assert_eq!(ids.len(), library::all().len(), "no id twice");
    for regime in library::all() {
        let id = &regime.id;
        assert_eq!(library::find(id), Some(regime));
        assert!(!regime.source.is_empty() && regime.source.iter().all(|source| source.len() > 5), "{id}");
        assert!(regime.checked_on >= date(2026, 1, 1), "{id}");
        assert!(regime.valid_from >= date(2000, 1, 1) && regime.is_valid_on(regime.valid_from), "{id}");
        for both in [Some(&regime.name), Some(&regime.scope), regime.remarks.as_ref()].into_iter().flatten() {
            assert!(!both.fr.is_empty() && !both.en.is_empty(), "{id}");
        }
        assert!(!regime.clocks.is_empty() || !regime.duties.is_empty(), "{id} demands something");
        for clock in &regime.clocks {
            if let Some(other) = &clock.unless {
                assert!(regime.clock(other).is_some(), "{id}: {other}");
            }
        }
        for penalty in &regime.penalties {
            assert!(regime.clock(&penalty.clock).is_some(), "{id}");
            assert!(
                penalty
                    .steps
                    .windows(2)
                    .all(|pair| pair[0].to_day.unwrap() < pair[1].to_day.unwrap_or(u32::MAX))
            );
        }
        for duty in &regime.duties {
            assert!(
                duty.needs.iter().flatten().all(|word| word == &text::fold::folded(word)),
                "{id}: {}",
                duty.id
            );
            assert!(!duty.wording.fr.is_empty() && !duty.wording.en.is_empty(), "{id}");
        }
    }
    let of = |standing| library::all().iter().filter(move |regime| regime.standing == standing).count();
    assert!(of(Standing::Ready) >= 17 && of(Standing::Example) == 3 && of(Standing::Draft) == 1);
}

#[test]
fn a_complaint_to_a_bank_is_acknowledged_in_ten_working_days_and_answered_in_two_months() {
    let sent = [(Start::Sent, "2026-12-24T18:00:00+01:00")];
    assert_eq!(dues("fr-acpr", &sent, HolidaySet::FRANCE), "acknowledge=2027-01-07 answer=2027-02-24");
    // A desk in Strasbourg has 26 December too; one that observes no holidays is held to those of France.
    let alsace = HolidaySet::France(Region::AlsaceMoselle);
    assert_eq!(dues("fr-acpr", &sent, alsace), "acknowledge=2027-01-08 answer=2027-02-24");
    assert_eq!(dues("fr-acpr", &sent, HolidaySet::None), "acknowledge=2027-01-07 answer=2027-02-24");
    // Of what is known, what is nearest: a letter of which only the receipt is known.
    let received = [(Start::Received, "2026-12-24T18:00:00+01:00")];
    assert_eq!(dues("fr-acpr", &received, HolidaySet::FRANCE), "acknowledge=2027-01-07 answer=2027-02-24");
}

#[test]
fn several_clocks_run_on_one_complaint_and_none_hides_another() {
    let received = [(Start::Received, "2026-05-07T10:00:00+02:00")];
    assert_eq!(dues("eu-psd2", &received, HolidaySet::FRANCE), "answer=2026-06-02 longest=2026-06-30");
    assert_eq!(
        dues("fr-telecom", &received, HolidaySet::FRANCE),
        "level1=2026-06-08 level2=2026-07-07 mediation=2027-05-07"
    );
    assert_eq!(
        dues("gdpr-12", &[(Start::Received, "2026-01-31T10:00:00+01:00")], HolidaySet::FRANCE),
        "answer=2026-03-02 longest=2026-04-30"
    );
    assert_eq!(dues("fr-acpr", &[], HolidaySet::FRANCE), "", "nothing runs before something happened");
}

#[test]
fn other_countries_count_their_own_days_of_rest() {
    // 21 July is Belgium's; 4 July, on a Saturday, is kept on the Friday before in the United States.
    let received = [(Start::Received, "2026-06-21T10:00:00+02:00")];
    assert_eq!(dues("be-mediation", &received, HolidaySet::FRANCE), "answer=2026-07-22");
    let received = [(Start::Received, "2026-12-22T10:00:00Z")];
    assert_eq!(dues("uk-disp", &received, HolidaySet::FRANCE), "summary=2026-12-29 answer=2027-02-16");
}

#[test]
fn a_renewal_is_announced_before_it_comes() {
    let renewal = [(Start::Renewal, "2026-12-31T00:00:00+01:00")];
    assert_eq!(
        dues("fr-reconduction", &renewal, HolidaySet::FRANCE),
        "notice_from=2026-09-30 notice=2026-11-30"
    );
}

#[test]
fn what_waiting_costs_grows_by_the_scale_of_the_law() {
    let cost = |id: &str, day| regime(id).penalties[0].cost(10_000, date(2026, 3, 1), day);
    let delivery = |day| cost("fr-livraison", day).map(|cost| (cost.days_late, cost.cents));
    assert_eq!(delivery(date(2026, 2, 20)), None);
    assert_eq!(delivery(date(2026, 3, 1)), None, "the last day is in time");
    assert_eq!(delivery(date(2026, 3, 2)), Some((1, 1_000)));
    assert_eq!(delivery(date(2026, 3, 15)), Some((14, 1_000)));
    assert_eq!(delivery(date(2026, 3, 16)), Some((15, 2_000)));
    assert_eq!(delivery(date(2026, 3, 31)), Some((30, 2_000)));
    assert_eq!(delivery(date(2026, 4, 1)), Some((31, 5_000)));
    assert_eq!(delivery(date(2027, 4, 1)), Some((396, 5_000)));
    let first = cost("fr-livraison", date(2026, 3, 2)).unwrap();
    assert_eq!(first.grows_on, Some((date(2026, 3, 16), 2_000)));
    assert_eq!(cost("fr-livraison", date(2026, 4, 1)).unwrap().grows_on, None);

    let withdrawal = |day| cost("fr-retractation", day).map(|cost| (cost.basis_points, cost.legal_rate));
    assert_eq!(withdrawal(date(2026, 3, 11)), Some((0, true)), "ten days at the legal rate");
    assert_eq!(withdrawal(date(2026, 3, 12)), Some((500, false)));
    assert_eq!(withdrawal(date(2026, 3, 22)), Some((1_000, false)));
    assert_eq!(withdrawal(date(2026, 4, 1)), Some((2_000, false)));
    assert_eq!(withdrawal(date(2026, 5, 1)), Some((5_000, false)));
    assert_eq!(withdrawal(date(2026, 5, 31)), Some((5_500, false)), "then five points a month");
    assert_eq!(withdrawal(date(2026, 6, 30)), Some((6_000, false)));
    assert_eq!(withdrawal(date(2027, 12, 31)), Some((10_000, true)), "up to the price, then the legal rate");
    // An odd sum is rounded half up.
    assert_eq!(
        regime("fr-livraison").penalties[0].cost(4_995, date(2026, 3, 1), date(2026, 3, 2)).unwrap().cents,
        500
    );
}
