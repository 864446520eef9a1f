"""Code 128, compared with what the standard's own example and a scanner's rules say."""

import re

from kopilka.wording.barcode import barcode_svg, symbols


def test_an_even_number_is_written_in_pairs():
    assert symbols("1001") == [105, 10, 1, (105 + 10 + 2 * 1) % 103, 106]


def test_letters_and_odd_numbers_are_written_one_by_one():
    assert symbols("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]  # the check sum of the usual example: 54+1


def test_the_drawing_is_as_wide_as_its_symbols():
    drawn = barcode_svg("1001")

    assert 'viewBox="0 0 77 40"' in drawn  # 4 symbols of 11 modules, the stop of 13, a quiet zone of 10 at each end
    assert len(re.findall(r"0h[1-4]v", drawn)) == 4 * 3 + 4


def test_what_no_barcode_holds_is_not_drawn():
    assert barcode_svg("карта") == ""
