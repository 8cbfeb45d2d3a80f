"""A report of Stripe's is read payout by payout, in any of its forms, and one that says too little is refused."""

from datetime import date

import pytest

from eventsapp.books import rules
from eventsapp.books.errors import UnreadableReport
from eventsapp.books.values import Payout

ITEMISED = (
    "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,currency,gross,fee,net,"
    "reporting_category,payment_intent_id\n"
)
ROWS = (
    "po_1,2026-11-27 00:00:00,txn_1,2026-11-23 10:00:00,eur,621.00,9.57,611.43,charge,pi_1\n"
    "po_1,2026-11-27 00:00:00,txn_2,2026-11-23 11:00:00,eur,129.00,2.19,126.81,charge,pi_2\n"
    "po_1,2026-11-27 00:00:00,txn_3,2026-11-24 11:00:00,eur,-100.00,0.00,-100.00,refund,pi_1\n"
    "po_1,2026-11-27 00:00:00,txn_4,2026-11-24 12:00:00,eur,-1.20,0.00,-1.20,fee,\n"
    "po_2,2026-11-28 00:00:00,txn_5,2026-11-24 13:00:00,eur,-621.00,20.00,-641.00,dispute,pi_1\n"
    ",,txn_6,2026-11-25 13:00:00,eur,129.00,2.19,126.81,charge,pi_3\n"
)


def test_what_each_payout_settles_is_its_net_and_its_fees() -> None:
    report = rules.read_report((ITEMISED + ROWS).encode())

    assert report.payouts == (
        # 621 + 129 − 100 settled: the monthly fee is one, though Stripe writes it as an amount.
        Payout(reference="po_1", arrived_on=date(2026, 11, 27), net_cents=63704, fee_cents=957 + 219 + 120),
        Payout(reference="po_2", arrived_on=date(2026, 11, 28), net_cents=-64100, fee_cents=2000),
    )
    assert [payout.net_cents + payout.fee_cents for payout in report.payouts] == [65000, -62100]
    assert (report.waiting, report.payments) == (1, frozenset({"pi_1", "pi_2", "pi_3"}))


def test_the_list_that_the_dashboard_exports_is_read_too() -> None:
    report = rules.read_report(
        b"\xef\xbb\xbfid,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Transfer,Transfer Date (UTC)\r\n"
        b'txn_1,charge,ch_1,"1,621.00",9.57,"1,611.43",EUR,2026-11-23 10:00,po_1,2026-11-27 00:00\r\n'
        b'txn_2,payout,po_1,"-1,611.43",0.00,"-1,611.43",EUR,2026-11-25 10:00,,\r\n'
    )

    assert report.payouts == (Payout(reference="po_1", arrived_on=date(2026, 11, 27), net_cents=161143, fee_cents=957),)
    assert report.waiting == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "pas un rapport"),
        (b"", "pas un rapport"),
        (b"\xff\xfe\x00", "pas un rapport"),
        (b"payout_id,currency,gross,fee,net,reporting_category\n", "Il manque des colonnes"),
        ((ITEMISED + "po_1,2026-11-27,t,c,usd,1.00,0.00,1.00,charge,\n").encode(), "USD"),
        ((ITEMISED + "po_1,2026-11-27,t,c,eur,1.00,0.10,1.00,charge,\n").encode(), "ne fait pas son net"),
        ((ITEMISED + "po_1,bientôt,t,c,eur,1.00,0.10,0.90,charge,\n").encode(), "date de versement"),
        ((ITEMISED + "po_1,2026-02-30,t,c,eur,1.00,0.10,0.90,charge,\n").encode(), "date de versement"),
        ((ITEMISED + "po_1,2026-11-27,t,c,eur,NaN,0.10,0.90,charge,\n").encode(), "montant"),
        ((ITEMISED + "po_1,2026-11-27,t,c,eur,1.005,0.10,0.90,charge,\n").encode(), "montant"),
        ((ITEMISED + "po_1,2026-11-27\n").encode(), ""),
    ],
)
def test_a_file_that_says_too_little_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableReport) as refusal:
        rules.read_report(data)

    assert words in refusal.value.message
