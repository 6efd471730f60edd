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

    /// <summary>Milliseconds since the epoch, from seconds (with decimals) or RFC 3339. What has a value when it is missing
    /// is refused in other words than what is required, as in Prometheus.</summary>
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
        var reason = $"cannot parse {GoQuote.Quote(text)} to a valid timestamp";
        return Fail(name, whenMissingMs is null ? reason : $"invalid time value for '{name}': {reason}");
    }

    /// <summary>A duration from seconds (with decimals) or Prometheus' notation.</summary>
    public TimeSpan Duration(string name)
    {
        var duration = ReadDuration(values[name], out var reason);
        if (reason is not null)
        {
            Fail(name, reason);
        }
        return duration;
    }

    /// <summary>As <see cref="Duration"/>; zero for a missing one.</summary>
    public TimeSpan Lookback(string name)
    {
        var text = values[name];
        if (text.Length == 0)
        {
            return TimeSpan.Zero;
        }
        var duration = ReadDuration(text, out var reason);
        if (reason is not null)
        {
            Error ??= new ApiError(ApiErrorType.BadData, $"error parsing lookback delta duration: {reason}");
        }
        return duration;
    }

    /// <summary>Go's <c>ParseBool</c>.</summary>
    public static bool? Flag(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    private static TimeSpan ReadDuration(string text, out string? reason)
    {
        reason = null;
        if (IsFloat(text, out var seconds) && !double.IsNaN(seconds))
        {
            if (Math.Abs(seconds) >= MaxDurationSeconds)
            {
                reason = $"cannot parse {GoQuote.Quote(text)} to a valid duration. It overflows int64";
                return default;
            }
            return TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }
        if (PrometheusDuration.TryParse(text, out var duration))
        {
            return duration;
        }
        reason = $"cannot parse {GoQuote.Quote(text)} to a valid duration";
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
        if (!TryParseWhole(text, out var limit, out var reason))
        {
            return (int)Fail(name, reason);
        }
        if (limit < 0)
        {
            return (int)Fail(name, "limit must be non-negative");
        }
        return limit is 0 or > int.MaxValue ? int.MaxValue : (int)limit;
    }

    /// <summary>Go's <c>Atoi</c>, with its words where the text is no whole number of 64 bits.</summary>
    public static bool TryParseWhole(string text, out long number, out string reason)
    {
        reason = "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }
        var digits = text.TrimStart('+', '-');
        var isNumber = digits.Length > 0 && text.Length - digits.Length <= 1 && digits.All(char.IsAsciiDigit);
        reason = $"strconv.Atoi: parsing {GoQuote.Quote(text)}: {(isNumber ? "value out of range" : "invalid syntax")}";
        return false;
    }

    public static bool TryParseTime(string text, out long timestampMs)
    {
        timestampMs = 0;
        if (text.Length == 0)
        {
            return false;
        }
        if (IsFloat(text, out var seconds))
        {
            if (double.IsNaN(seconds) || Math.Abs(seconds) > MaxTimeMs / 1000d)
            {
                return false;
            }
            // Whole and fractional part apart, as Prometheus does: large seconds would eat the milliseconds' bits. Halves go away from zero.
            var whole = Math.Truncate(seconds);
            timestampMs = ((long)whole * 1000) + (long)Math.Round((seconds - whole) * 1000, MidpointRounding.AwayFromZero);
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

    /// <summary>Go's <c>ParseFloat</c>, which wants a hexadecimal number's exponent written.</summary>
    private static bool IsFloat(string text, out double value) => GoFloat.TryParse(text, out value)
        && (!text.AsSpan().ContainsAny('x', 'X') || text.AsSpan().ContainsAny('p', 'P'));

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
