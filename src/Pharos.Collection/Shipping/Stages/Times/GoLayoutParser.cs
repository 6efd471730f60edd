using System.Globalization;

namespace Pharos.Collection.Shipping.Stages.Times;

/// <summary>Reads a time by a layout of Go's reference time, <c>Mon Jan 2 15:04:05 MST 2006</c>, as <c>time.ParseInLocation</c> does.</summary>
internal ref struct GoLayoutParser
{
    // Longer ones first where one is the start of another.
    private static readonly string[] Elements =
    [
        "January", "Jan", "Monday", "Mon", "MST", "2006", "-07:00:00", "-07:00", "-070000", "-0700", "-07", "Z07:00:00", "Z07:00", "Z070000",
        "Z0700", "Z07", "002", "__2", "_2006", "_2", "01", "02", "03", "04", "05", "06", "15", "PM", "pm", "1", "2", "3", "4", "5",
    ];

    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];

    private static readonly string[] Days = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    private readonly TimeZoneInfo _zone;
    private ReadOnlySpan<char> _text;
    private int? _year;
    private int _month;
    private int _day;
    private int _yearDay;
    private int _hour;
    private int _minute;
    private int _second;
    private int _nanoseconds;
    private bool? _isAfternoon;
    private TimeSpan? _offset;

    private GoLayoutParser(ReadOnlySpan<char> text, TimeZoneInfo zone)
    {
        _text = text;
        _zone = zone;
    }

    public static bool TryParse(string layout, string text, out ParsedTime time) => TryParse(layout, text, TimeZoneInfo.Utc, out time);

    /// <param name="zone">Where a text is from that does not say so.</param>
    public static bool TryParse(string layout, string text, TimeZoneInfo zone, out ParsedTime time) =>
        new GoLayoutParser(text, zone).TryRead(layout, out time);

    private bool TryRead(ReadOnlySpan<char> layout, out ParsedTime time)
    {
        time = default;
        while (layout.Length > 0)
        {
            var fraction = FractionLength(layout);
            if (fraction > 0)
            {
                // Nines take what there is; zeros want as many digits.
                if (!TryFraction(layout[1] == '0' ? fraction - 1 : 0, needed: layout[1] == '0'))
                {
                    return false;
                }
                layout = layout[fraction..];
                continue;
            }
            var element = ElementAt(layout);
            if (element is null)
            {
                if (!TryLiteral(layout[0]))
                {
                    return false;
                }
                layout = layout[1..];
                continue;
            }
            layout = layout[element.Length..];
            if (!TryElement(element))
            {
                return false;
            }
            // Seconds may have a fraction, whether the layout says so or not.
            if (element is "05" or "5" && FractionLength(layout) == 0 && _text.Length > 1 && _text[0] is '.' or ',' && char.IsAsciiDigit(_text[1])
                && !TryFraction(0, needed: false))
            {
                return false;
            }
        }
        return _text.Length == 0 && TryBuild(out time);
    }

    private static string? ElementAt(ReadOnlySpan<char> layout)
    {
        foreach (var element in Elements)
        {
            // "Jan" and "Mon" do not count inside a longer word, such as "Month".
            if (layout.StartsWith(element, StringComparison.Ordinal) &&
                !(element is "Jan" or "Mon" && layout.Length > 3 && char.IsAsciiLetterLower(layout[3])))
            {
                return element == "_2006" ? null : element;
            }
        }
        return null;
    }

    private static int FractionLength(ReadOnlySpan<char> layout)
    {
        if (layout.Length < 2 || layout[0] is not ('.' or ',') || layout[1] is not ('0' or '9'))
        {
            return 0;
        }
        var end = 1;
        while (end < layout.Length && layout[end] == layout[1])
        {
            end++;
        }
        return end < layout.Length && char.IsAsciiDigit(layout[end]) ? 0 : end;
    }

    private bool TryLiteral(char c)
    {
        if (c == ' ')
        {
            // Go takes any number of blanks for one.
            if (_text.Length > 0 && _text[0] != ' ')
            {
                return false;
            }
            _text = _text.TrimStart(' ');
            return true;
        }
        if (_text.Length == 0 || _text[0] != c)
        {
            return false;
        }
        _text = _text[1..];
        return true;
    }

    private bool TryElement(string element) => element switch
    {
        "2006" => TryNumber(4, 4, out var year) && Set(ref _year, year),
        "06" => TryNumber(2, 2, out var year) && Set(ref _year, year >= 69 ? 1900 + year : 2000 + year),
        "January" => TryName(Months, whole: true, out _month),
        "Jan" => TryName(Months, whole: false, out _month),
        "01" => TryNumber(2, 2, out _month) && _month is >= 1 and <= 12,
        "1" => TryNumber(1, 2, out _month) && _month is >= 1 and <= 12,
        "Monday" => TryName(Days, whole: true, out _),
        "Mon" => TryName(Days, whole: false, out _),
        "02" => TryNumber(2, 2, out _day),
        "2" => TryNumber(1, 2, out _day),
        "_2" => TryPadded(out _day, 2),
        "002" => TryNumber(3, 3, out _yearDay) && _yearDay > 0,
        "__2" => TryPadded(out _yearDay, 3) && _yearDay > 0,
        "15" => TryNumber(2, 2, out _hour) && _hour < 24,
        "03" => TryNumber(2, 2, out _hour) && _hour <= 12,
        "3" => TryNumber(1, 2, out _hour) && _hour <= 12,
        "04" => TryNumber(2, 2, out _minute) && _minute < 60,
        "4" => TryNumber(1, 2, out _minute) && _minute < 60,
        "05" => TryNumber(2, 2, out _second) && _second < 60,
        "5" => TryNumber(1, 2, out _second) && _second < 60,
        "PM" or "pm" => TryHalf(),
        "MST" => TryZoneName(),
        _ => TryOffset(element),
    };

    private static bool Set(ref int? field, int value)
    {
        field = value;
        return true;
    }

    private bool TryNumber(int min, int max, out int number)
    {
        number = 0;
        var digits = 0;
        while (digits < max && digits < _text.Length && char.IsAsciiDigit(_text[digits]))
        {
            number = (number * 10) + _text[digits] - '0';
            digits++;
        }
        _text = _text[digits..];
        return digits >= min;
    }

    private bool TryPadded(out int number, int width)
    {
        var blanks = 0;
        while (blanks < width - 1 && _text.Length > 0 && _text[0] == ' ')
        {
            _text = _text[1..];
            blanks++;
        }
        return TryNumber(1, width - blanks, out number);
    }

    private bool TryName(string[] names, bool whole, out int number)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = whole ? names[i] : names[i].AsSpan(0, 3);
            if (_text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                _text = _text[name.Length..];
                number = i + 1;
                return true;
            }
        }
        number = 0;
        return false;
    }

    private bool TryHalf()
    {
        if (_text.Length < 2 || _text[1] is not ('M' or 'm') || _text[0] is not ('A' or 'a' or 'P' or 'p'))
        {
            return false;
        }
        _isAfternoon = _text[0] is 'P' or 'p';
        _text = _text[2..];
        return true;
    }

    /// <summary>A name says nothing about the offset, except UTC and GMT with hours: the location's own offset holds.</summary>
    private bool TryZoneName()
    {
        if (_text.StartsWith("UTC", StringComparison.Ordinal))
        {
            _text = _text[3..];
            _offset = TimeSpan.Zero;
            return true;
        }
        var letters = 0;
        while (letters < _text.Length && letters < 5 && char.IsAsciiLetterUpper(_text[letters]))
        {
            letters++;
        }
        if (letters < 3)
        {
            return false;
        }
        var isGreenwich = _text[..letters] is "GMT";
        _text = _text[letters..];
        if (isGreenwich)
        {
            _offset = TimeSpan.Zero;
            if (_text.Length > 1 && _text[0] is '+' or '-' && char.IsAsciiDigit(_text[1]))
            {
                var sign = _text[0] == '-' ? -1 : 1;
                _text = _text[1..];
                TryNumber(1, 2, out var hours);
                _offset = TimeSpan.FromHours(sign * hours);
            }
        }
        return true;
    }

    private bool TryOffset(string element)
    {
        if (element[0] == 'Z' && _text.Length > 0 && _text[0] == 'Z')
        {
            _text = _text[1..];
            _offset = TimeSpan.Zero;
            return true;
        }
        if (_text.Length == 0 || _text[0] is not ('+' or '-'))
        {
            return false;
        }
        var sign = _text[0] == '-' ? -1 : 1;
        _text = _text[1..];
        var colons = element.Contains(':', StringComparison.Ordinal);
        var parts = element.AsSpan(1).Length switch { 2 => 1, 4 => 2, 5 => 2, 6 => 3, _ => 3 };
        Span<int> values = [0, 0, 0];
        for (var i = 0; i < parts; i++)
        {
            if ((i > 0 && colons && !TryLiteral(':')) || !TryNumber(2, 2, out values[i]))
            {
                return false;
            }
        }
        if (values[0] > 24 || values[1] > 60 || values[2] > 60)
        {
            return false;
        }
        _offset = sign * new TimeSpan(values[0], values[1], values[2]);
        return true;
    }

    private bool TryFraction(int digits, bool needed)
    {
        if (_text.Length < 2 || _text[0] is not ('.' or ',') || !char.IsAsciiDigit(_text[1]))
        {
            return !needed;
        }
        var end = 1;
        while (end < _text.Length && char.IsAsciiDigit(_text[end]))
        {
            end++;
        }
        if (needed && end - 1 != digits)
        {
            return false;
        }
        var value = 0;
        for (var i = 1; i <= 9; i++)
        {
            value = (value * 10) + (i < end ? _text[i] - '0' : 0);
        }
        _nanoseconds = value;
        _text = _text[end..];
        return true;
    }

    private bool TryBuild(out ParsedTime time)
    {
        time = default;
        if (_isAfternoon is { } afternoon)
        {
            _hour = afternoon ? (_hour < 12 ? _hour + 12 : _hour) : _hour == 12 ? 0 : _hour;
        }
        // A leap year stands in for the year that is not there: it has every day.
        var year = _year ?? 4;
        if (year is < 1 or > 9999)
        {
            return false;
        }
        DateTime local;
        if (_yearDay > 0)
        {
            if (_yearDay > (DateTime.IsLeapYear(year) ? 366 : 365))
            {
                return false;
            }
            local = new DateTime(year, 1, 1, _hour, _minute, _second, DateTimeKind.Unspecified).AddDays(_yearDay - 1);
        }
        else
        {
            var month = _month == 0 ? 1 : _month;
            var day = _day == 0 ? 1 : _day;
            if (day > DateTime.DaysInMonth(year, month))
            {
                return false;
            }
            local = new DateTime(year, month, day, _hour, _minute, _second, DateTimeKind.Unspecified);
        }
        time = At(local, _nanoseconds, _offset, _zone, _year is not null);
        return true;
    }

    /// <summary>The moment that a clock in a place shows.</summary>
    public static ParsedTime At(DateTime local, int nanoseconds, TimeSpan? offset, TimeZoneInfo zone, bool hasYear)
    {
        var utc = local - (offset ?? zone.GetUtcOffset(local));
        var ticks = utc.Ticks - DateTime.UnixEpoch.Ticks;
        return new ParsedTime(unchecked((ticks * 100) + nanoseconds), hasYear, local, nanoseconds, offset);
    }
}
