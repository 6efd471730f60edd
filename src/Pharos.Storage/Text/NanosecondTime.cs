using System.Globalization;

namespace Pharos.Storage.Text;

/// <summary>Times in nanoseconds since 1970, and their text of RFC 3339 with up to nine decimals, as Go reads and prints it.</summary>
public static class NanosecondTime
{
    private const long NsPerSecond = 1_000_000_000;
    private const long NsPerDay = 86_400 * NsPerSecond;

    /// <summary>Length of <c>2006-01-02T15:04:05</c>.</summary>
    private const int SecondsLength = 19;

    public static long Of(DateTimeOffset time) => (long)Int128.Clamp(
        (Int128)(time.UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick, long.MinValue, long.MaxValue);

    /// <summary>The day of a time, since 1970 in UTC.</summary>
    public static long DayOf(long timeNs) => timeNs >= 0 ? timeNs / NsPerDay : ((timeNs + 1) / NsPerDay) - 1;

    /// <summary>Years that a long of nanoseconds cannot hold are cut to the farthest that it can.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long timeNs)
    {
        timeNs = 0;
        if (text.Length <= SecondsLength || text[10] is not ('T' or 't')
            || !DateTime.TryParseExact(
                text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !TryTimeOfDay(text[11..SecondsLength], out var seconds))
        {
            return false;
        }
        var rest = text[SecondsLength..];
        var fraction = 0L;
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }
            for (var i = 0; i < 9; i++)
            {
                fraction = (fraction * 10) + (i < digits ? rest[1 + i] - '0' : 0);
            }
            rest = rest[(1 + digits)..];
        }
        if (!TryZone(rest, out var offsetSeconds))
        {
            return false;
        }
        var whole = ((day.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) + seconds - offsetSeconds;
        timeNs = (long)Int128.Clamp(((Int128)whole * NsPerSecond) + fraction, long.MinValue, long.MaxValue);
        return true;
    }

    /// <summary>In UTC, with as many decimals as are needed.</summary>
    public static string Format(long timeNs)
    {
        var seconds = Math.DivRem(timeNs, NsPerSecond, out var fraction);
        if (fraction < 0)
        {
            (seconds, fraction) = (seconds - 1, fraction + NsPerSecond);
        }
        var text = DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return fraction == 0 ? text + "Z"
            : $"{text}.{fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    private static bool TryTimeOfDay(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        if (text[2] != ':' || text[5] != ':' || !TryTwoDigits(text, 0, 24, out var hours) || !TryTwoDigits(text, 3, 60, out var minutes)
            || !TryTwoDigits(text, 6, 60, out var rest))
        {
            return false;
        }
        seconds = (((hours * 60) + minutes) * 60) + rest;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<char> text, out long offsetSeconds)
    {
        offsetSeconds = 0;
        if (text is "Z" or "z")
        {
            return true;
        }
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryTwoDigits(text, 1, 24, out var hours) || !TryTwoDigits(text, 4, 60, out var minutes))
        {
            return false;
        }
        offsetSeconds = ((hours * 60) + minutes) * 60 * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryTwoDigits(ReadOnlySpan<char> text, int at, int limit, out long value)
    {
        value = 0;
        if (!char.IsAsciiDigit(text[at]) || !char.IsAsciiDigit(text[at + 1]))
        {
            return false;
        }
        value = ((text[at] - '0') * 10) + text[at + 1] - '0';
        return value < limit;
    }
}
