using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus;

/// <summary>Reads the parameters of Prometheus' API. The first that cannot be read stays in <see cref="Error"/>.</summary>
internal sealed class ParameterReader(RequestValues values)
{
    // Half of what a long holds: wide enough for "all time", and adding or taking a window away cannot overflow.
    public const long MinTimeMs = long.MinValue / 2;
    public const long MaxTimeMs = long.MaxValue / 2;

    // Go prints its earliest and latest time so; clients send them back for "no bound".
    private const string MinTimeText = "-292273086-05-16T16:47:06Z";
    private const string MaxTimeText = "292277025-08-18T07:12:54.999999999Z";

    /// <summary>Prometheus' durations are 64 bits of nanoseconds.</summary>
    private const double MaxDurationSeconds = long.MaxValue / 1e9;

    public ApiError? Error { get; private set; }

    public string Text(string name) => values[name];

    public IReadOnlyList<string> All(string name) => values.All(name);

    /// <summary>Milliseconds since the epoch, from seconds (with decimals) or RFC 3339.</summary>
    public long Time(string name, long? whenMissingMs)
    {
        var text = values[name];
        if (text.Length == 0 && whenMissingMs is { } missing)
        {
            return missing;
        }
        if (TryParseTime(text, out var timestampMs))
        {
            return timestampMs;
        }
        return Fail(name, $"cannot parse {GoQuote.Quote(text)} to a valid timestamp");
    }

    /// <summary>A duration from seconds (with decimals) or Prometheus' notation.</summary>
    public TimeSpan Duration(string name, TimeSpan? whenMissing)
    {
        var text = values[name];
        if (text.Length == 0 && whenMissing is { } missing)
        {
            return missing;
        }
        if (GoFloat.TryParse(text, out var seconds) && !double.IsNaN(seconds))
        {
            if (Math.Abs(seconds) >= MaxDurationSeconds)
            {
                Fail(name, $"cannot parse {GoQuote.Quote(text)} to a valid duration. It overflows int64");
                return default;
            }
            return TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }
        if (PrometheusDuration.TryParse(text, out var duration))
        {
            return duration;
        }
        Fail(name, $"cannot parse {GoQuote.Quote(text)} to a valid duration");
        return default;
    }

    /// <summary>How many results at most; <see cref="int.MaxValue"/> for no limit (missing or 0).</summary>
    public int Limit(string name = "limit")
    {
        var text = values[name];
        if (text.Length == 0)
        {
            return int.MaxValue;
        }
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            return (int)Fail(name, $"strconv.Atoi: parsing {GoQuote.Quote(text)}: invalid syntax");
        }
        if (limit < 0)
        {
            return (int)Fail(name, "limit must be non-negative");
        }
        return limit == 0 ? int.MaxValue : limit;
    }

    public static bool TryParseTime(string text, out long timestampMs)
    {
        timestampMs = 0;
        if (text.Length == 0)
        {
            return false;
        }
        if (GoFloat.TryParse(text, out var seconds))
        {
            if (double.IsNaN(seconds) || Math.Abs(seconds) > MaxTimeMs / 1000d)
            {
                return false;
            }
            // Whole and fractional part apart, as Prometheus does: large seconds would eat the milliseconds' bits.
            var whole = Math.Truncate(seconds);
            timestampMs = ((long)whole * 1000) + (long)Math.Round((seconds - whole) * 1000);
            return true;
        }
        switch (text)
        {
            case MinTimeText:
                timestampMs = MinTimeMs;
                return true;
            case MaxTimeText:
                timestampMs = MaxTimeMs;
                return true;
        }
        return TryParseRfc3339(text, out timestampMs);
    }

    private static bool TryParseRfc3339(string text, out long timestampMs)
    {
        timestampMs = 0;
        // RFC 3339 wants a zone; .NET would take a time without one for local.
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (!zoned || text.Length < 20 || text[10] != 'T' || !DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return false;
        }
        timestampMs = time.ToUnixTimeMilliseconds();
        return true;
    }

    private long Fail(string name, string reason)
    {
        Error ??= ApiError.InvalidParameter(name, reason);
        return 0;
    }
}
